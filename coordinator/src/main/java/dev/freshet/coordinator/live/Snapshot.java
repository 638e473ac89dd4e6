package dev.freshet.coordinator.live;

import java.util.function.Supplier;

/** What is of use only as it is now. It is looked up and written down when the first reader asks for it, once for all. */
final class Snapshot {
    private final String event;
    private final Supplier<?> current;
    private long version;
    private Frame frame;

    /** @param current what becomes the JSON object */
    Snapshot(String event, Supplier<?> current) {
        this.event = event;
        this.current = current;
    }

    void outdated() {
        version++;
        frame = null;
    }

    long version() {
        return version;
    }

    Frame frame() {
        if (frame == null) {
            frame = new Frame(event, null, FeedJson.text(current.get()));
        }
        return frame;
    }
}

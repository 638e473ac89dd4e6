package dev.freshet.coordinator.live;

import java.util.Map;

/**
 * One reader's place in the live feed. Nothing is queued for it: it takes what there is when it can. On the coordinator's context only.
 */
public final class Subscription implements AutoCloseable {
    private final LiveFeed feed;
    private final Runnable somethingNew;
    private long place;
    private long statusSeen = -1;
    private long agentsSeen = -1;

    Subscription(LiveFeed feed, long place, Runnable somethingNew) {
        this.feed = feed;
        this.place = place;
        this.somethingNew = somethingNew;
    }

    /** The next frame to send, or null if the reader has everything. Of snapshots only the latest; then the log in its order. */
    public Frame next() {
        if (statusSeen != feed.status().version()) {
            statusSeen = feed.status().version();
            return feed.status().frame();
        }
        if (agentsSeen != feed.agents().version()) {
            agentsSeen = feed.agents().version();
            return feed.agents().frame();
        }
        Map.Entry<Long, Frame> entry = feed.log().from(place);
        if (entry == null) {
            return null;
        }
        place = entry.getKey() + 1;
        return entry.getValue();
    }

    void tell() {
        somethingNew.run();
    }

    @Override
    public void close() {
        feed.remove(this);
    }
}

package dev.freshet.coordinator.web;

/** What is told live, until coordinator.live has it. */
public interface Feed {
    /** One frame. */
    record Frame(String event, String id, String json) {}

    /** One subscriber's place. */
    interface Subscription extends AutoCloseable {
        Frame next();

        @Override
        void close();
    }

    Subscription subscribe(String lastSeen, Runnable somethingNew);
}

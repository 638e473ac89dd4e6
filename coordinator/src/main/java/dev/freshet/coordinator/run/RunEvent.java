package dev.freshet.coordinator.run;

/** What happens to a run. One method for each in {@link Handler}: a forgotten one does not compile. */
sealed interface RunEvent {
    /** What each event leads to. */
    interface Handler<R> {
        R on(Begin begin);

        R on(Joined joined);

        R on(Unplannable unplannable);

        R on(Synced synced);

        R on(Bound bound);

        R on(Prepared prepared);

        R on(SendingOver over);

        R on(Finished finished);

        R on(Collected collected);

        R on(Lost lost);

        R on(Stop stop);

        R on(TimeOut timeOut);

        R on(Merged merged);
    }

    <R> R handle(Handler<R> handler);

    record Begin() implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    record Joined(String agent, String host) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    /** The plan cannot be split among the agents that have joined. */
    record Unplannable(String reason) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    /** Its clock is known. */
    record Synced(String agent) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    record Bound(String agent) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    record Prepared(String agent) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    /** The last message is due now. */
    record SendingOver() implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    record Finished(String agent) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    /** Its files are here, or it has become clear that they will not be. */
    record Collected(String agent) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    /** It is gone, or cannot do its shard. */
    record Lost(String agent, String reason) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    /** A person ends the run. */
    record Stop(String reason) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    /** The deadline of {@code state} has passed. */
    record TimeOut(RunState state) implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }

    record Merged() implements RunEvent {
        @Override
        public <R> R handle(Handler<R> handler) {
            return handler.on(this);
        }
    }
}

package dev.freshet.coordinator.run;

import java.util.List;

/** What a run wants done. One method for each in {@link Handler}: a forgotten one does not compile. */
sealed interface RunEffect {
    /** Does it. */
    interface Handler {
        void on(PlanShards plan);

        void on(Sync sync);

        void on(Prepare prepare);

        void on(Connect connect);

        void on(Start start);

        void on(StopAgents stop);

        void on(Collect collect);

        void on(Merge merge);

        void on(Release release);

        void on(Deadline deadline);

        void on(End end);
    }

    void handle(Handler handler);

    /** Splits the plan among the agents, all of which are here; {@link RunEvent.Unplannable} if that cannot be done. */
    record PlanShards() implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Compares all clocks. */
    record Sync() implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Hands everyone its shard. */
    record Prepare() implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Tells everyone whom to connect to. */
    record Connect() implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Names T0. */
    record Start() implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Tells agents to end their part. */
    record StopAgents(List<String> agents, String reason) implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    record Collect(List<String> agents) implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    record Merge() implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Sets agents free: those that are lost as well, as one that is given up may still be alive and sending. */
    record Release(List<String> agents) implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Sends {@link RunEvent.TimeOut} for {@code state} after so long. */
    record Deadline(RunState state, long nanos) implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** The run is over. */
    record End() implements RunEffect {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }
}

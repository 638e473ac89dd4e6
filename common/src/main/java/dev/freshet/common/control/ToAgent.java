package dev.freshet.common.control;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.time.Timetable;
import java.util.List;
import java.util.Map;

/** What the coordinator sends to an agent. Each record is one message; its simple name is the name on the wire. */
public sealed interface ToAgent {
    /** One method for each message: a forgotten one does not compile. */
    interface Handler {
        void on(Welcome welcome);

        void on(Refuse refuse);

        void on(Ping ping);

        void on(Prepare prepare);

        void on(Connect connect);

        void on(Start start);

        void on(Adjust adjust);

        void on(Stop stop);

        void on(Collect collect);

        void on(Release release);
    }

    void handle(Handler handler);

    /**
     * Answers Hello: the agent is in the fleet.
     *
     * @param heartbeatMillis how often the coordinator pings
     * @param leaseMillis how long either side may hear nothing before it takes the other for lost
     */
    record Welcome(long heartbeatMillis, long leaseMillis) implements ToAgent {
        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Answers Hello, or a message that was not understood: not in the fleet, and why, in words for a person. */
    record Refuse(String reason) implements ToAgent {
        public Refuse {
            reason = requireNonNullElse(reason, "no reason was given");
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Every heartbeat, and in a burst before a run: heartbeat and clock exchange in one.
     *
     * @param seq pairs it with its Pong
     * @param t1Nanos the coordinator's clock when it left, nanoseconds since the epoch; both are stamped by the sending thread
     */
    record Ping(long seq, long t1Nanos) implements ToAgent {
        /** One that is still to be sent. */
        public static final Ping UNSTAMPED = new Ping(0, 0);

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Opens a run: bind what the shard needs and answer Bound, or Failed. */
    record Prepare(String run, Shard shard) implements ToAgent {
        public Prepare {
            requireNonNull(run, "run is missing");
            requireNonNull(shard, "shard is missing");
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * When all are Bound: whom to connect to. A producer gets its consumer's answer endpoint, a consumer its producers; Prepared is the answer
     * when both have shaken hands and each subscription has arrived.
     */
    record Connect(String run, List<Peer> peers) implements ToAgent {
        public Connect {
            requireNonNull(run, "run is missing");
            peers = List.copyOf(requireNonNull(peers, "peers is missing"));
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * When all are Prepared: everyone starts at the same moment.
     *
     * @param t0Nanos that moment, a little ahead, in the agent's own clock, nanoseconds since the epoch
     * @param producersT0Nanos the same for each producer that a consumer serves, in that one's clock: what is unpaced has its phase by t1
     */
    record Start(String run, long t0Nanos, Map<String, Long> producersT0Nanos) implements ToAgent {
        public Start {
            requireNonNull(run, "run is missing");
            producersT0Nanos = Map.copyOf(requireNonNull(producersT0Nanos, "producersT0Nanos is missing"));
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * To a producer while messages are sent: another rate from a message on, at a moment that is a little ahead, the same for all. It replaces
     * what was said of later moments, and never moves the end of the warm-up. Nothing answers it.
     *
     * @param fromIndex the first message of the new rate; the first one that is not due before {@code fromNanos} by what was said before
     * @param fromNanos nanoseconds after T0
     * @param schedule message n is due {@code fromNanos} and what the schedule says of n - {@code fromIndex} after T0
     */
    record Adjust(String run, long fromIndex, long fromNanos, Schedule schedule) implements ToAgent {
        public Adjust {
            requireNonNull(run, "run is missing");
            requireNonNull(schedule, "schedule is missing");
        }

        /** The same as a part of the producer's timetable. */
        public Timetable.Piece piece() {
            return new Timetable.Piece(fromIndex, fromNanos, schedule);
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Ends the run now: a producer cancels what is left; a consumer has nothing more to expect. Finished is the answer. */
    record Stop(String run, String reason) implements ToAgent {
        public Stop {
            requireNonNull(run, "run is missing");
            reason = requireNonNullElse(reason, "no reason was given");
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * After Finished: asks for a part of a file; Chunks are the answer.
     *
     * @param file a name from Finished
     * @param offset where to begin, in bytes
     * @param creditBytes how much may be sent before the next Collect
     */
    record Collect(String run, String file, long offset, long creditBytes) implements ToAgent {
        public Collect {
            requireNonNull(run, "run is missing");
            requireNonNull(file, "file is missing");
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /** Ends the run for this agent: its sockets are closed and its files deleted. */
    record Release(String run) implements ToAgent {
        public Release {
            requireNonNull(run, "run is missing");
        }

        @Override
        public void handle(Handler handler) {
            handler.on(this);
        }
    }

    /**
     * Another party of the run.
     *
     * @param shard what it does; null for a party that is not ours
     * @param endpoints of a producer one for each channel, and of a consumer the one that answers come from; each {@code tcp://host:port}
     * @param startEndpoint of a producer, where {@code start} is said; null for a consumer
     * @param patienceNanos how long it may take to say {@code start}; null for the 15 s of one that is ours
     */
    record Peer(String agent, Shard shard, List<String> endpoints, String startEndpoint, Long patienceNanos) {
        public Peer {
            requireNonNull(agent, "agent is missing");
            endpoints = List.copyOf(requireNonNull(endpoints, "endpoints is missing"));
        }
    }
}

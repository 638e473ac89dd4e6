package dev.freshet.common.plan;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.freshet.common.time.Schedule;
import java.util.List;

/** One agent's part of a plan. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "role")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Shard.Producing.class, name = "producer"),
    @JsonSubTypes.Type(value = Shard.Consuming.class, name = "consumer")
})
public sealed interface Shard {
    /** The agent it is for. */
    String agent();

    Timing timing();

    /**
     * A producer's part.
     *
     * @param agent also the producer's token in {@code msg_id}
     * @param schedule when each message is intended; null if it is unpaced: then each follows the one before as fast as they are taken
     * @param sizes which payload each message has
     * @param channels PUB sockets; message n goes out on channel n modulo this
     * @param dataPort the first channel's port, the next ones follow; 0 takes any free ones
     * @param controlPort the port of the start handshake; 0 takes any free one
     * @param onFull what happens at the high-water mark
     * @param engine what carries the messages that it publishes
     * @param waiting how a message's time is waited for
     * @param measure which answered messages get a row
     */
    record Producing(
            String agent,
            Schedule schedule,
            SizeMix sizes,
            int channels,
            int dataPort,
            int controlPort,
            OnFull onFull,
            Engine engine,
            Waiting waiting,
            Measure measure,
            Timing timing)
            implements Shard {
        public Producing {
            requireNonNull(agent, "agent is missing");
            requireNonNull(sizes, "sizes is missing");
            requireNonNull(onFull, "onFull is missing");
            requireNonNull(engine, "engine is missing");
            requireNonNull(waiting, "waiting is missing");
            requireNonNull(measure, "measure is missing");
            requireNonNull(timing, "timing is missing");
            if (schedule == null && onFull != OnFull.WAIT) {
                throw new IllegalArgumentException(
                        "schedule is missing: only a producer that waits for room can be unpaced");
            }
        }

        /** Whether its messages have intended times. */
        public boolean paced() {
            return schedule != null;
        }

        /** How many messages it has if it is paced, warm-up included. */
        public long messages() {
            return timing.messages(schedule);
        }

        /** The number of the first measured message, if it is paced. */
        public long firstMeasured() {
            return timing.firstMeasured(schedule);
        }
    }

    /**
     * A consumer's part.
     *
     * @param serves the producers whose messages it takes; each gets its answers on a port of its own, as otherwise every producer would have to
     *     read the answers to all. None: one port for whoever comes
     * @param vizPort the first port that answers are published on, the next ones follow; 0 takes any free ones
     * @param processingNanos how long a message is worked on before it is answered
     * @param workers how many are worked on at a time
     * @param maxSizeBytes the largest payload that will come
     */
    record Consuming(
            String agent,
            List<String> serves,
            int vizPort,
            long processingNanos,
            int workers,
            int maxSizeBytes,
            Timing timing)
            implements Shard {
        public Consuming {
            requireNonNull(agent, "agent is missing");
            serves = List.copyOf(requireNonNull(serves, "serves is missing"));
            requireNonNull(timing, "timing is missing");
        }
    }
}

package dev.freshet.agent.producer;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.wire.Request;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * What a {@link ProducerRun} needs to know besides its shard.
 *
 * @param address the local address that all ports are bound on, or {@code *}
 * @param measurements the measurement file
 * @param producer the token in {@code msg_id}, or null for a standalone producer, which has none
 * @param fillFirst whether all message memory is taken before {@code start} is answered, or each part when first used
 * @param patience how long consumers are waited for
 * @param around wraps the publisher, to watch it
 * @param say takes a line for a person when something is waited for in vain, and the run goes on
 */
public record ProducerSetup(
        Shard.Producing shard,
        String address,
        Path measurements,
        String producer,
        boolean fillFirst,
        Patience patience,
        UnaryOperator<Publisher> around,
        Consumer<String> say) {
    private static final int MAX_SEQ_DIGITS = 19;

    /**
     * How long consumers are waited for.
     *
     * @param forStartNanos for one to say {@code start}, unless the peer has a patience of its own; {@link Long#MAX_VALUE} is for ever, until
     *     the run is stopped
     * @param forSubscriptionsNanos after that, for a subscription on each channel and the connections to the answers
     * @param goesOn whether the run goes on without those
     */
    public record Patience(long forStartNanos, long forSubscriptionsNanos, boolean goesOn) {
        /** In a fleet all consumers are known to be there. */
        public static final Patience FLEET = new Patience(15_000_000_000L, 15_000_000_000L, false);

        /** A standalone producer waits for ever for its consumer, and then not long. */
        public static final Patience STANDALONE = new Patience(Long.MAX_VALUE, 1_000_000_000L, true);
    }

    public ProducerSetup {
        if (producer != null && producer.length() + 1 + MAX_SEQ_DIGITS > Request.MAX_ID_BYTES) {
            throw new InputException("name: '" + producer + "' is longer than "
                    + (Request.MAX_ID_BYTES - MAX_SEQ_DIGITS - 1) + " characters, and would not fit into msg_id");
        }
    }

    /** The file that a fleet's producer leaves its measurements in. */
    public static final String MEASUREMENTS = "measurements.csv";

    /**
     * As a fleet's agent runs a shard.
     *
     * @param directory where {@link #MEASUREMENTS} is written
     * @param say takes a line for a person
     */
    public static ProducerSetup inFleet(Shard.Producing shard, String address, Path directory, Consumer<String> say) {
        return new ProducerSetup(
                shard,
                address,
                directory.resolve(MEASUREMENTS),
                shard.agent(),
                true,
                Patience.FLEET,
                UnaryOperator.identity(),
                say);
    }
}

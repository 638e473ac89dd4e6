package dev.freshet.agent.consumer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.Timing;
import java.util.List;
import java.util.Map;

/**
 * A consumer's books in a run: for each producer, phase and interval. A message's phase is that of its number in the producer's schedule, or, of
 * an unpaced producer, of its t1; what comes before T0 is known belongs to interval 0.
 *
 * <p>Owned by the thread that receives.
 */
final class ConsumerBooks implements Tally {
    private static final Phase[] PHASES = Phase.values();

    private final ProgressAssembler assembler;
    private final Timing timing;
    private final List<Shard.Producing> producers;
    private final long[] firstMeasured; // of an unpaced producer the first that arrived, until then above all others
    private final long[] measuredFromMicros; // t1 on the producer's clock
    private final Counts[] early;
    private IntervalBooks books; // null until T0 is known
    private long measuredFromNanos = Long.MAX_VALUE;
    private boolean inWarmup = true;

    ConsumerBooks(ProgressAssembler assembler, Timing timing, List<Shard.Producing> producers) {
        this.assembler = assembler;
        this.timing = timing;
        this.producers = List.copyOf(producers);
        firstMeasured = producers.stream()
                .mapToLong(shard -> shard.paced() ? shard.firstMeasured() : Long.MAX_VALUE)
                .toArray();
        measuredFromMicros = new long[producers.size()];
        early = new Counts[producers.size() * PHASES.length];
        for (int i = 0; i < early.length; i++) {
            early[i] = new Counts();
        }
    }

    /**
     * Names T0, in nanoseconds since the epoch; intervals roll from then on.
     *
     * @param producersT0Nanos the same on each producer's clock, where that is another
     */
    void start(long t0Nanos, Map<String, Long> producersT0Nanos) {
        for (int i = 0; i < measuredFromMicros.length; i++) {
            measuredFromMicros[i] = timing.measuredFromMicros(
                    producersT0Nanos.getOrDefault(producers.get(i).agent(), t0Nanos));
        }
        books = assembler.books(0, t0Nanos);
        measuredFromNanos = t0Nanos + timing.warmupNanos();
        for (int i = 0; i < early.length; i++) {
            books.book(i / PHASES.length, PHASES[i % PHASES.length]).counts().add(early[i]);
        }
    }

    boolean isStarted() {
        return books != null;
    }

    /** Whether no message can be counted before T0 is known: then only t1 tells the phase of some. */
    boolean needsT0() {
        return books == null && !producers.stream().allMatch(Shard.Producing::paced);
    }

    @Override
    public Counts of(int source, long seq, long t1Micros) {
        if (producers.get(source).paced()) {
            return ofMissing(source, seq);
        }
        boolean measured = t1Micros >= measuredFromMicros[source];
        if (measured && firstMeasured[source] == Long.MAX_VALUE) {
            firstMeasured[source] = seq;
        }
        return counts(source, measured ? Phase.MEASURED : Phase.WARMUP);
    }

    @Override
    public Counts ofMissing(int source, long seq) {
        return counts(source, seq < firstMeasured[source] ? Phase.WARMUP : Phase.MEASURED);
    }

    @Override
    public Counts ofUnreadable(int source) {
        return counts(source, inWarmup ? Phase.WARMUP : Phase.MEASURED);
    }

    private Counts counts(int source, Phase phase) {
        return books == null
                ? early[source * PHASES.length + phase.ordinal()]
                : books.book(source, phase).counts();
    }

    @Override
    public long firstMeasured(int source) {
        return firstMeasured[source];
    }

    @Override
    public void rollTo(long nowNanos) {
        inWarmup = timing.warmupNanos() > 0 && nowNanos < measuredFromNanos;
        if (books != null) {
            books.rollTo(nowNanos);
        }
    }

    /** Closes the last interval. */
    void finish() {
        books.finish();
    }
}

package dev.freshet.agent.consumer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.Timing;
import java.util.List;

/**
 * A consumer's books in a run: for each producer, phase and interval. A message's phase is that of its number in the producer's schedule; what
 * comes before T0 is known belongs to interval 0.
 *
 * <p>Owned by the thread that receives.
 */
final class ConsumerBooks implements Tally {
    private static final Phase[] PHASES = Phase.values();

    private final ProgressAssembler assembler;
    private final Timing timing;
    private final long[] firstMeasured;
    private final Counts[] early;
    private IntervalBooks books; // null until T0 is known
    private long measuredFromNanos = Long.MAX_VALUE;
    private boolean inWarmup = true;

    ConsumerBooks(ProgressAssembler assembler, Timing timing, List<Shard.Producing> producers) {
        this.assembler = assembler;
        this.timing = timing;
        firstMeasured =
                producers.stream().mapToLong(Shard.Producing::firstMeasured).toArray();
        early = new Counts[producers.size() * PHASES.length];
        for (int i = 0; i < early.length; i++) {
            early[i] = new Counts();
        }
    }

    /** Names T0, in nanoseconds since the epoch; intervals roll from then on. */
    void start(long t0Nanos) {
        books = assembler.books(0, t0Nanos);
        measuredFromNanos = t0Nanos + timing.warmupNanos();
        for (int i = 0; i < early.length; i++) {
            books.book(i / PHASES.length, PHASES[i % PHASES.length]).counts().add(early[i]);
        }
    }

    boolean isStarted() {
        return books != null;
    }

    @Override
    public Counts of(int source, long seq) {
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

package dev.freshet.agent.standalone;

import dev.freshet.agent.consumer.Tally;
import dev.freshet.common.measure.Counts;

/** One account for all: a standalone consumer has one producer, and knows of no phases. Owned by the thread that receives. */
final class PlainTally implements Tally {
    private final Counts counts = new Counts();
    private long firstNanos;
    private long lastNanos;

    @Override
    public Counts of(int source, long seq, long t1Micros) {
        return counts;
    }

    @Override
    public Counts ofMissing(int source, long seq) {
        return counts;
    }

    @Override
    public Counts ofUnreadable(int source) {
        return counts;
    }

    @Override
    public long firstMeasured(int source) {
        return 0;
    }

    @Override
    public void rollTo(long nowNanos) {
        if (firstNanos == 0) {
            firstNanos = nowNanos;
        }
        lastNanos = nowNanos;
    }

    Counts counts() {
        return counts;
    }

    /** From the first message to the last. */
    double seconds() {
        return (lastNanos - firstNanos) / 1e9;
    }
}

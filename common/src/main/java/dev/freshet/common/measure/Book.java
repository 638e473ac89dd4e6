package dev.freshet.common.measure;

import java.util.Arrays;

/**
 * Counts and histograms of one producer's messages in one phase, over an interval or a whole run. Books add like their parts.
 *
 * <p>Not thread-safe: written by one thread, and handed over.
 */
public final class Book {
    private static final Metric[] METRICS = Metric.values();

    private final Counts counts = new Counts();
    private final SignedHistogram[] histograms = new SignedHistogram[METRICS.length];

    public Counts counts() {
        return counts;
    }

    /** Has the memory for a metric's values from now on, and not from the first one on: a run allocates nothing then. */
    public void keepRoom(Metric metric) {
        SignedHistogram histogram = histogram(metric);
        if (metric == Metric.CLOCK_OFFSET) {
            histogram.keepRoomBelowZero();
        }
    }

    /** Whether there is memory for a metric's values, without making any. */
    public boolean keepsRoom(Metric metric) {
        return histograms[metric.ordinal()] != null;
    }

    /** Times one value; one that no histogram can hold is counted as impossible. */
    public void record(Metric metric, long micros) {
        if (!histogram(metric).record(micros)) {
            counts.increment(Count.IMPOSSIBLE);
        }
    }

    /** The histogram of a metric, empty if nothing was timed. */
    public SignedHistogram histogram(Metric metric) {
        SignedHistogram histogram = histograms[metric.ordinal()];
        if (histogram == null) {
            histogram = histograms[metric.ordinal()] = new SignedHistogram();
        }
        return histogram;
    }

    /** Whether anything was timed, without making an empty histogram. */
    public boolean has(Metric metric) {
        SignedHistogram histogram = histograms[metric.ordinal()];
        return histogram != null && histogram.count() > 0;
    }

    /** Adds all of {@code other} to this. */
    public void add(Book other) {
        counts.add(other.counts);
        for (Metric metric : METRICS) {
            if (other.has(metric)) {
                histogram(metric).add(other.histogram(metric));
            }
        }
    }

    public boolean isEmpty() {
        return counts.isZero() && Arrays.stream(METRICS).noneMatch(this::has);
    }

    public void clear() {
        counts.clear();
        for (SignedHistogram histogram : histograms) {
            if (histogram != null) {
                histogram.clear();
            }
        }
    }
}

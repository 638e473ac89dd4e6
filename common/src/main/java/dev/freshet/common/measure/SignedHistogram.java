package dev.freshet.common.measure;

import org.HdrHistogram.Histogram;

/**
 * A histogram of microseconds that keeps negative values as well, with three significant digits on either side of zero, up to one hour. Made of
 * two HdrHistograms, so it adds exactly, and both parts can be written in HdrHistogram's own formats. A value beyond an hour is refused,
 * never clamped: the caller counts it.
 *
 * <p>Not thread-safe: written by one thread, and handed over.
 */
public final class SignedHistogram {
    /** The largest magnitude kept, one hour in microseconds. */
    public static final long LIMIT_MICROS = 3_600_000_000L;

    /** Significant decimal digits kept. */
    public static final int DIGITS = 3;

    private final Histogram positive = newPart();
    private Histogram negative; // of magnitudes; most metrics never need it

    /** An empty HdrHistogram of the range and precision used everywhere. */
    public static Histogram newPart() {
        return new Histogram(1, LIMIT_MICROS, DIGITS);
    }

    /** Records one value; false, and nothing recorded, if it lies beyond {@link #LIMIT_MICROS}. */
    public boolean record(long micros) {
        if (micros > LIMIT_MICROS || micros < -LIMIT_MICROS) {
            return false;
        }
        if (micros >= 0) {
            positive.recordValue(micros);
        } else {
            negativePart().recordValue(-micros);
        }
        return true;
    }

    /** Has the memory for negative values from now on, and not from the first one on. */
    void keepRoomBelowZero() {
        negativePart();
    }

    /** Adds all of {@code other} to this. */
    public void add(SignedHistogram other) {
        positive.add(other.positive);
        if (other.negative != null) {
            negativePart().add(other.negative);
        }
    }

    /** Adds one part of another histogram, as it came over the wire or out of a log. */
    public void add(Histogram part, boolean negativeMagnitudes) {
        (negativeMagnitudes ? negativePart() : positive).add(part);
    }

    public long count() {
        return positive.getTotalCount() + negativeCount();
    }

    public long negativeCount() {
        return negative == null ? 0 : negative.getTotalCount();
    }

    /** Values from zero up. */
    public Histogram positive() {
        return positive;
    }

    /** Magnitudes of values below zero, or null if there was none. */
    public Histogram negative() {
        return negativeCount() == 0 ? null : negative;
    }

    /**
     * The smallest value that {@code percentile} percent of all values do not exceed, within the precision; 0 if there is none.
     *
     * @param percentile 0 to 100
     */
    public long valueAtPercentile(double percentile) {
        long below = negativeCount();
        if (below == 0) {
            return positive.getValueAtPercentile(percentile);
        }
        long all = count();
        long rank = Math.max(1, (long) Math.ceil(percentile / 100 * all - 1e-9 * all));
        if (rank <= below) {
            // the rank-th smallest value is the negative of the (below - rank + 1)-th smallest magnitude
            return -valueAtRank(negative, below - rank + 1);
        }
        return valueAtRank(positive, rank - below);
    }

    private static long valueAtRank(Histogram part, long rank) {
        // half a rank down: the percentage must not round up to the next value
        return part.getValueAtPercentile((rank - 0.5) / part.getTotalCount() * 100);
    }

    public long min() {
        if (negativeCount() > 0) {
            return -negative.getMaxValue();
        }
        return positive.getTotalCount() == 0 ? 0 : positive.getMinValue();
    }

    public long max() {
        if (positive.getTotalCount() > 0) {
            return positive.getMaxValue();
        }
        return negativeCount() == 0 ? 0 : -negative.getMinNonZeroValue();
    }

    /** The mean, within the precision; 0 if there is none. */
    public double mean() {
        if (count() == 0) {
            return 0;
        }
        double sum = positive.getMean() * positive.getTotalCount();
        if (negativeCount() > 0) {
            sum -= negative.getMean() * negativeCount();
        }
        return sum / count();
    }

    public void clear() {
        positive.reset();
        if (negative != null) {
            negative.reset();
        }
    }

    private Histogram negativePart() {
        if (negative == null) {
            negative = newPart();
        }
        return negative;
    }
}

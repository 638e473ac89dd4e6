package dev.freshet.coordinator.intervals;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * How often each latency occurred in one interval, for a heat map: counts on a logarithmic scale of {@value #PER_DECADE} buckets a decade. Bucket
 * {@code k} holds values from {@code 10^(k/8)} microseconds to below {@code 10^((k+1)/8)}; 0 holds all below its end as well, the last all above.
 *
 * @param buckets pairs of bucket and count, flat, ascending, none with count 0
 */
public record Heat(@JsonValue List<Long> buckets) {
    public static final int PER_DECADE = 8;

    /** Up to 100 s. */
    public static final int BUCKETS = 8 * PER_DECADE;

    public static final Heat NONE = new Heat(List.of());

    public Heat {
        buckets = List.copyOf(buckets);
    }

    /** @param micros values in microseconds */
    public static Heat of(Histogram micros) {
        long[] counts = new long[BUCKETS];
        for (HistogramIterationValue step : micros.recordedValues()) {
            counts[bucket(step.getValueIteratedTo())] += step.getCountAddedInThisIterationStep();
        }
        List<Long> buckets = new ArrayList<>();
        for (int k = 0; k < BUCKETS; k++) {
            if (counts[k] > 0) {
                buckets.add((long) k);
                buckets.add(counts[k]);
            }
        }
        return new Heat(buckets);
    }

    private static int bucket(long micros) {
        return micros < 1 ? 0 : Math.min(BUCKETS - 1, (int) (Math.log10(micros) * PER_DECADE));
    }
}

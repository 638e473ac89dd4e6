package dev.freshet.coordinator.intervals;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.common.measure.SignedHistogram;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
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

    /** The least whole microsecond of each bucket. */
    private static final long[] FROM_MICROS = IntStream.range(0, BUCKETS)
            .mapToLong(bucket ->
                    bucket == 0 ? Long.MIN_VALUE : (long) Math.ceil(Math.pow(10, (double) bucket / PER_DECADE)))
            .toArray();

    public Heat {
        buckets = List.copyOf(buckets);
    }

    /** Values are taken for what the percentiles of the same histogram say they are, so both agree at a bucket's edge. */
    public static Heat of(SignedHistogram timed) {
        long[] counts = new long[BUCKETS];
        counts[0] = timed.negativeCount();
        count(timed.positive(), counts);
        return of(counts);
    }

    private static void count(Histogram part, long[] counts) {
        for (HistogramIterationValue value : part.recordedValues()) {
            counts[bucket(value.getValueIteratedTo())] += value.getCountAtValueIteratedTo();
        }
    }

    /** The bucket of a value; several have the same least value at the low end, where the last of them holds it. */
    static int bucket(long micros) {
        int bucket = BUCKETS - 1;
        while (FROM_MICROS[bucket] > micros) {
            bucket--;
        }
        return bucket;
    }

    private static Heat of(long[] counts) {
        if (Arrays.stream(counts).allMatch(count -> count == 0)) {
            return NONE;
        }
        List<Long> pairs = new ArrayList<>();
        for (int bucket = 0; bucket < BUCKETS; bucket++) {
            if (counts[bucket] != 0) {
                pairs.add((long) bucket);
                pairs.add(counts[bucket]);
            }
        }
        return new Heat(pairs);
    }
}

package dev.freshet.coordinator.intervals;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

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
}

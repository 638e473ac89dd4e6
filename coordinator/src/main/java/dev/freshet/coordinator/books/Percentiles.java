package dev.freshet.coordinator.books;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;

/**
 * What is told of one metric, in microseconds with three significant digits. All but the counts are null if nothing was timed: a figure that
 * is not known is not zero.
 *
 * @param count how many values were timed
 * @param negative how many of them lie below zero
 */
public record Percentiles(
        long count,
        long negative,
        @JsonProperty("mean_us") Double meanMicros,
        @JsonProperty("min_us") Long minMicros,
        @JsonProperty("p50_us") Long p50Micros,
        @JsonProperty("p70_us") Long p70Micros,
        @JsonProperty("p90_us") Long p90Micros,
        @JsonProperty("p99_us") Long p99Micros,
        @JsonProperty("p999_us") Long p999Micros,
        @JsonProperty("max_us") Long maxMicros) {
    /** Nothing was timed. */
    public static final Percentiles NONE = new Percentiles(0, 0, null, null, null, null, null, null, null, null);

    public static Percentiles of(Book book, Metric metric) {
        return book.has(metric) ? of(book.histogram(metric)) : NONE;
    }

    /** @param timed at least one value */
    public static Percentiles of(SignedHistogram timed) {
        return new Percentiles(
                timed.count(),
                timed.negativeCount(),
                timed.mean(),
                timed.min(),
                timed.valueAtPercentile(50),
                timed.valueAtPercentile(70),
                timed.valueAtPercentile(90),
                timed.valueAtPercentile(99),
                timed.valueAtPercentile(99.9),
                timed.max());
    }
}

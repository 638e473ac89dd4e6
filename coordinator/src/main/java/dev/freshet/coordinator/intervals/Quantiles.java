package dev.freshet.coordinator.intervals;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.freshet.coordinator.books.Percentiles;

/** Percentiles of one metric in one interval, in microseconds; null if nothing was timed. */
@JsonPropertyOrder({"p50_us", "p70_us", "p90_us", "p99_us", "p999_us", "max_us"})
public record Quantiles(
        @JsonProperty("p50_us") Long p50Micros,
        @JsonProperty("p70_us") Long p70Micros,
        @JsonProperty("p90_us") Long p90Micros,
        @JsonProperty("p99_us") Long p99Micros,
        @JsonProperty("p999_us") Long p999Micros,
        @JsonProperty("max_us") Long maxMicros) {
    static Quantiles of(Percentiles of) {
        return new Quantiles(
                of.p50Micros(), of.p70Micros(), of.p90Micros(), of.p99Micros(), of.p999Micros(), of.maxMicros());
    }
}

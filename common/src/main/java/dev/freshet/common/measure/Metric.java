package dev.freshet.common.measure;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** What is timed, in microseconds; the names are those of {@code summary.json}. */
public enum Metric {
    /** t4-t1: from sending a message to having its answer. */
    TOTAL,
    /** ((t4-t1)-(t3-t2))/2. */
    NETWORK,
    /** t3-t2. */
    PROCESSING,
    /** t4 minus the intended time: what a user who came at the scheduled moment waits. */
    RESPONSE_TIME,
    /** t1 minus the intended time: what the producer itself was behind. */
    LATENESS,
    /** ((t2-t1)+(t3-t4))/2: the consumer's clock minus the producer's; the only one that is negative by right. */
    CLOCK_OFFSET;

    /** The metric of that name, or null. */
    @JsonCreator
    public static Metric named(String name) {
        for (Metric metric : values()) {
            if (metric.toString().equals(name)) {
                return metric;
            }
        }
        return null;
    }

    @Override
    @JsonValue
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}

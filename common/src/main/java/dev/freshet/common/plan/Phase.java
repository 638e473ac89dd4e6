package dev.freshet.common.plan;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The label that a message carries through all books, decided by its intended time. Only {@link #MEASURED} counts in results. */
public enum Phase {
    @JsonProperty("warmup")
    WARMUP,
    @JsonProperty("measured")
    MEASURED;

    @Override
    public String toString() {
        return Words.of(this);
    }
}

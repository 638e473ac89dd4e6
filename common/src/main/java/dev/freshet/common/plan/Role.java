package dev.freshet.common.plan;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an agent does in a run. */
public enum Role {
    @JsonProperty("producer")
    PRODUCER,
    @JsonProperty("consumer")
    CONSUMER;

    public static Role parse(String what, String text) {
        return Words.parse(Role.class, what, text);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}

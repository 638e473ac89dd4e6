package dev.freshet.coordinator.results.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.freshet.common.time.UtcTime;
import java.time.Instant;

/**
 * A line of {@code events.jsonl}: something that happened.
 *
 * @param at when, UTC, on the coordinator's clock
 * @param kind one word, for programs
 * @param agent whom it concerns, or null
 * @param text for people
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EventLine(String at, String kind, String agent, String text) {
    public static EventLine at(Instant moment, String kind, String agent, String text) {
        return new EventLine(UtcTime.iso(moment), kind, agent, text);
    }
}

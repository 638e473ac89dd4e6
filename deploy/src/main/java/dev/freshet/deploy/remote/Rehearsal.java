package dev.freshet.deploy.remote;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.plan.Role;
import java.util.List;

/** What each agent of a coordinator would do. */
public record Rehearsal(List<Part> shards) {
    /**
     * What one would do.
     *
     * @param rateHertz messages a second; null for a consumer
     * @param size payloads, as a plan has them; null for a consumer
     * @param firstMillis when it sends its first message, since T0; null for a consumer
     * @param serves the producers that a consumer takes messages from
     */
    public record Part(
            String agent,
            Role role,
            @JsonProperty("rate_hz") Double rateHertz,
            String size,
            @JsonProperty("first_ms") Double firstMillis,
            List<String> serves) {}
}

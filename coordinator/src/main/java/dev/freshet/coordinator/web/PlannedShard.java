package dev.freshet.coordinator.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import dev.freshet.coordinator.books.Party;
import java.util.List;

/**
 * What an agent would do.
 *
 * @param rateHertz messages a second; null for an unpaced producer and for a consumer
 * @param size payloads, as a plan has them; null for a consumer
 * @param firstMillis when it sends its first message, since T0; null for a consumer
 * @param serves the producers that a consumer takes messages from
 */
record PlannedShard(
        String agent,
        Role role,
        @JsonProperty("rate_hz") Double rateHertz,
        String size,
        @JsonProperty("first_ms") Double firstMillis,
        List<String> serves) {
    static PlannedShard of(Party party) {
        if (party.shard() instanceof Shard.Producing shard) {
            return new PlannedShard(
                    party.agent(),
                    party.role(),
                    shard.paced() ? Double.valueOf(shard.schedule().rate().hertz()) : null,
                    shard.sizes().toString(),
                    shard.paced() ? shard.schedule().nanosAt(0) / 1e6 : 0.0,
                    List.of());
        }
        return new PlannedShard(party.agent(), party.role(), null, null, null, party.serves());
    }
}

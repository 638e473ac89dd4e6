package dev.freshet.coordinator.run;

import dev.freshet.common.measure.Ledger;
import dev.freshet.coordinator.fleet.FleetAgent;
import java.util.List;

/**
 * An agent of the run in progress, beyond what the fleet knows of it.
 *
 * @param agent as the fleet knows or knew it
 * @param endpoints that it bound; none before that
 * @param ledger of its messages so far; null for a consumer, and before T0
 * @param lossReason why it is lost, in words; null if it is not
 */
public record RunMember(FleetAgent agent, List<String> endpoints, Ledger ledger, String lossReason) {}

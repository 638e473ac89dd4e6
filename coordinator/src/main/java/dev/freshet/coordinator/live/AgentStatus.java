package dev.freshet.coordinator.live;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Interface;
import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.fleet.FleetAgent;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.results.LedgerFigures;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.run.RunMember;
import java.util.List;

/**
 * An agent now. Null means not known.
 *
 * @param interfaceName what it is bound to, with its address and speed
 * @param state {@code idle}, {@code running} (it is in the run in progress) or {@code lost} (it was)
 * @param heartbeatAgeMillis since it was last heard
 * @param clock the agent's minus the coordinator's
 * @param endpoints that it bound for the run
 * @param last its last interval in the run
 * @param ledger of its messages in the run so far
 * @param lossReason why it is lost
 */
public record AgentStatus(
        String name,
        Role role,
        String host,
        long pid,
        String version,
        @JsonProperty("interface") String interfaceName,
        String address,
        @JsonProperty("speed_bits_per_s") Long speedBitsPerSecond,
        int cores,
        String state,
        @JsonProperty("heartbeat_age_ms") long heartbeatAgeMillis,
        Summary.Clock clock,
        List<String> endpoints,
        AgentInterval last,
        LedgerFigures ledger,
        @JsonProperty("loss_reason") String lossReason) {
    /** One that is in no run. */
    public static AgentStatus idle(FleetAgent agent, long nowNanos) {
        return of(agent, "idle", nowNanos, List.of(), null, null, null);
    }

    /** One of the run in progress, or of the last one. */
    public static AgentStatus of(RunMember member, boolean runGoesOn, AgentInterval last, long nowNanos) {
        return of(
                member.agent(),
                member.lossReason() != null ? "lost" : runGoesOn ? "running" : "idle",
                nowNanos,
                member.endpoints(),
                last,
                member.ledger() == null ? null : LedgerFigures.of(member.ledger()),
                member.lossReason());
    }

    private static AgentStatus of(
            FleetAgent agent,
            String state,
            long nowNanos,
            List<String> endpoints,
            AgentInterval last,
            LedgerFigures ledger,
            String lossReason) {
        Hello hello = agent.hello();
        Interface bound = hello.interfaces().stream().findFirst().orElse(null);
        return new AgentStatus(
                hello.name(),
                hello.role(),
                hello.host(),
                hello.pid(),
                hello.version(),
                bound == null ? null : bound.name(),
                bound == null ? null : bound.address(),
                bound == null ? null : bound.speedBitsPerSecond(),
                hello.cores(),
                state,
                Math.max(0, nowNanos - agent.lastHeardNanos()) / 1_000_000,
                Summary.Clock.of(agent.clock()),
                endpoints,
                last,
                ledger,
                lossReason);
    }
}

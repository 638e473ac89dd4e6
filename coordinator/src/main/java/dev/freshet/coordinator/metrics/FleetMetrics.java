package dev.freshet.coordinator.metrics;

import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.live.AgentStatus;
import java.util.List;

/** The agents: how many there are, and each one's clock, books and latest second. */
final class FleetMetrics {
    private static final double MILLIS = 1e3;
    private static final double MICROS = 1e6;
    private static final List<String> STATES = List.of("idle", "running", "lost");

    private final Scrape scrape;
    private final List<AgentStatus> agents;

    FleetMetrics(Scrape scrape, List<AgentStatus> agents) {
        this.scrape = scrape;
        this.agents = agents;
    }

    void add() {
        for (Role role : Role.values()) {
            for (String state : STATES) {
                scrape.gauge(
                        agents.stream()
                                .filter(agent ->
                                        agent.role() == role && agent.state().equals(state))
                                .count(),
                        "freshet_agents",
                        "Agents in the fleet, and those that the latest run has lost",
                        "role",
                        role.toString(),
                        "state",
                        state);
            }
        }
        agents.forEach(this::add);
    }

    private void add(AgentStatus agent) {
        gauge(agent, agent.state().equals("lost") ? 0 : 1, "up", "1, or 0 if the latest run has lost it");
        gauge(agent, agent.heartbeatAgeMillis() / MILLIS, "heartbeat_age_seconds", "Since it was last heard");
        if (agent.clock() != null) {
            gauge(
                    agent,
                    agent.clock().offsetMicros() / MICROS,
                    "clock_offset_seconds",
                    "Its clock minus the coordinator's");
            gauge(agent, agent.clock().errorMicros() / MICROS, "clock_error_seconds", "Bound on the offset's error");
        }
        if (agent.ledger() != null) {
            RunMetrics.accounts(agent.ledger())
                    .forEach((account, messages) -> scrape.counter(
                            messages,
                            "freshet_agent_messages_total",
                            "A producer's ledger of the measured phase; begins anew with each run",
                            "agent",
                            agent.name(),
                            "role",
                            agent.role().toString(),
                            "account",
                            account));
        }
        if (agent.last() != null) {
            addLatestSecond(agent, agent.last());
        }
    }

    private void addLatestSecond(AgentStatus agent, AgentInterval second) {
        gauge(agent, second.targetHertz(), "target_messages_per_second", "What the plan wants of it in this second");
        gauge(
                agent,
                second.rateHertz(),
                "messages_per_second",
                "In its latest second: sent by a producer, received by a consumer");
        gauge(agent, second.bytesPerSecond(), "bytes_per_second", "The same, payload");
        gauge(agent, seconds(second.latenessP99Micros()), "lateness_p99_seconds", "In its latest second");
        gauge(agent, seconds(second.responseTimeP99Micros()), "response_time_p99_seconds", "In its latest second");
        gauge(agent, second.cpuShare(), "cpu_ratio", "Processor seconds a second of its process");
        gauge(agent, second.residentBytes(), "resident_bytes", "Memory of its process");
    }

    private static Double seconds(Long micros) {
        return micros == null ? null : Double.valueOf(micros / MICROS);
    }

    private void gauge(AgentStatus agent, Number value, String name, String help) {
        scrape.gauge(
                value,
                "freshet_agent_" + name,
                help,
                "agent",
                agent.name(),
                "role",
                agent.role().toString());
    }
}

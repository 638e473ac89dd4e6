package dev.freshet.coordinator.results;

import static dev.freshet.coordinator.results.FigureText.UNKNOWN;
import static dev.freshet.coordinator.results.FigureText.rate;
import static dev.freshet.coordinator.results.FigureText.throughput;

import dev.freshet.common.units.BitRate;
import dev.freshet.coordinator.results.Summary.Agent;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** A line for each interface of each host: what its agents were asked for and achieved, and what the interface carried meanwhile. */
final class HostTable {
    private static final int AGENTS_WIDTH = 16;

    private final Summary summary;

    private HostTable(Summary summary) {
        this.summary = summary;
    }

    /** Empty where there is only one interface, which the fleet's own figures tell of. */
    static String of(Summary summary) {
        if (!(summary.environment().get("interfaces") instanceof List<?> interfaces) || interfaces.size() < 2) {
            return "";
        }
        HostTable hosts = new HostTable(summary);
        TextTable table = new TextTable(3)
                .row(
                        "host",
                        "interface",
                        "agents",
                        "target",
                        "achieved",
                        "payload",
                        "sent",
                        "received",
                        "link",
                        "used");
        for (Object entry : interfaces) {
            if (entry instanceof Map<?, ?> use) {
                table.row(hosts.cells(use));
            }
        }
        return table.text();
    }

    private String[] cells(Map<?, ?> use) {
        List<Agent> there = summary.agents().stream()
                .filter(agent -> agent.host().equals(use.get("host"))
                        && Objects.equals(agent.interfaceName(), use.get("interface")))
                .toList();
        List<Agent> producers = there.stream().filter(Agent::produces).toList();
        List<Agent> counted = producers.isEmpty() ? there : producers; // of a host that only consumes, what it received
        Double link = number(use, "speed_bits_per_s");
        return new String[] {
            String.valueOf(use.get("host")),
            use.get("interface") == null ? UNKNOWN : String.valueOf(use.get("interface")),
            names(there),
            producers.isEmpty() ? UNKNOWN : FigureText.target(sum(producers, Agent::rateHertz)),
            rate(sum(counted, agent -> agent.achieved().rateHertz())),
            throughput(sum(counted, agent -> agent.achieved().bytesPerSecond())),
            throughput(number(use, "sent_bytes_per_s")),
            throughput(number(use, "received_bytes_per_s")),
            link == null ? UNKNOWN : BitRate.format(link),
            used(number(use, "sent_share"), number(use, "received_share"))
        };
    }

    private static String names(List<Agent> agents) {
        String names = String.join(" ", agents.stream().map(Agent::name).toList());
        return names.length() <= AGENTS_WIDTH ? names : agents.size() + " agents";
    }

    /** Null if one of them is not known. */
    private static Double sum(List<Agent> agents, Function<Agent, Double> figure) {
        List<Double> figures = agents.stream().map(figure).toList();
        return figures.contains(null)
                ? null
                : Double.valueOf(
                        figures.stream().mapToDouble(Double::doubleValue).sum());
    }

    private static Double number(Map<?, ?> use, String member) {
        return use.get(member) instanceof Number number ? Double.valueOf(number.doubleValue()) : null;
    }

    /** A link carries as much the one way as the other: the fuller direction counts. */
    private static String used(Double sentShare, Double receivedShare) {
        return sentShare == null || receivedShare == null
                ? UNKNOWN
                : String.format(Locale.ROOT, "%.0f %%", 100 * Math.max(sentShare, receivedShare));
    }
}

package dev.freshet.deploy.terminal;

import static dev.freshet.coordinator.results.FigureText.UNKNOWN;
import static dev.freshet.coordinator.results.FigureText.count;
import static dev.freshet.coordinator.results.FigureText.micros;
import static dev.freshet.coordinator.results.FigureText.target;
import static java.util.Locale.ROOT;

import dev.freshet.common.units.ByteSize;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.TextTable;
import java.util.List;

/** A coordinator, its run and its agents for a person at a terminal: the answer of {@code freshet status}. */
public final class FleetTable {
    private final StringBuilder text = new StringBuilder();

    private FleetTable() {}

    /** @param url of the coordinator */
    public static String of(String url, CoordinatorStatus status, List<AgentStatus> agents) {
        FleetTable table = new FleetTable();
        CoordinatorStatus.About about = status.coordinator();
        table.line("Coordinator  " + url + ", freshet " + about.version() + ", since " + about.started());
        table.line("             agents dial " + about.endpoint() + "; control: " + about.control());
        table.run(status.run());
        table.agents(agents);
        return table.text.toString();
    }

    private void line(String line) {
        text.append(line).append('\n');
    }

    private void run(RunStatus status) {
        if (status == null) {
            line("Run          none yet");
            return;
        }
        RunStatus.Run run = status.run();
        line("Run          " + run.id() + ", " + run.state().toUpperCase(ROOT)
                + (status.verdict() == null ? "" : ", " + status.verdict().status())
                + (run.outcome() == null ? elapsed(status.progress()) : ""));
        for (String words : new String[] {run.detail(), run.reason()}) {
            if (words != null && !words.isEmpty()) {
                line("             " + words);
            }
        }
        if (status.achieved() != null && status.achieved().rateHertz() != null) {
            line("             " + achieved(status));
        }
    }

    private static String elapsed(RunStatus.Progress progress) {
        return progress.elapsedSeconds() == null
                ? ""
                : String.format(ROOT, ", %.0f of %.0f s", progress.elapsedSeconds(), progress.totalSeconds());
    }

    private static String achieved(RunStatus status) {
        Summary.Load achieved = status.achieved();
        Double target = status.target().rateHertz();
        String timed = target == null ? "total" : "response_time"; // unpaced messages have no response time
        Percentiles latency = status.latency().getOrDefault(timed, Percentiles.NONE);
        return String.format(
                ROOT,
                "%.1f/s of %s, %s; %s p50 %s p99 %s; skipped %d, lost %s",
                achieved.rateHertz(),
                target(target),
                ByteSize.formatPerSecond(achieved.bytesPerSecond()),
                timed.replace('_', ' '),
                micros(latency.p50Micros()),
                micros(latency.p99Micros()),
                status.ledger().skipped(),
                count(status.ledger().lost()));
    }

    private void agents(List<AgentStatus> agents) {
        if (agents.isEmpty()) {
            line("Agents       none");
            return;
        }
        TextTable table = new TextTable(5)
                .row(
                        "agent",
                        "role",
                        "state",
                        "host",
                        "interface",
                        "rate",
                        "bytes/s",
                        "lateness p99",
                        "cpu",
                        "clock",
                        "heard");
        for (AgentStatus agent : agents) {
            AgentInterval last = agent.state().equals("running") ? agent.last() : null;
            table.row(
                    agent.name(),
                    agent.role().toString(),
                    agent.state(),
                    agent.host(),
                    agent.interfaceName() == null ? UNKNOWN : agent.interfaceName() + " " + agent.address(),
                    last == null ? "" : last.rateHertz() + "/s",
                    last == null ? "" : ByteSize.formatPerSecond(last.bytesPerSecond()),
                    last == null || last.latenessP99Micros() == null ? "" : micros(last.latenessP99Micros()),
                    last == null || last.cpuShare() == null ? "" : String.format(ROOT, "%.2f", last.cpuShare()),
                    clock(agent.clock()),
                    String.format(ROOT, "%.1f s ago", agent.heartbeatAgeMillis() / 1e3));
        }
        text.append('\n').append(table.text());
        agents.stream()
                .filter(agent -> agent.lossReason() != null)
                .forEach(agent -> line("  " + agent.name() + " is lost: " + agent.lossReason()));
    }

    private static String clock(Summary.Clock clock) {
        return clock == null ? UNKNOWN : micros(clock.offsetMicros()) + " +- " + micros(clock.errorMicros());
    }
}

package dev.freshet.coordinator.results;

import static dev.freshet.coordinator.results.FigureText.UNKNOWN;
import static dev.freshet.coordinator.results.FigureText.count;
import static dev.freshet.coordinator.results.FigureText.micros;
import static dev.freshet.coordinator.results.FigureText.rate;
import static dev.freshet.coordinator.results.FigureText.seconds;
import static dev.freshet.coordinator.results.FigureText.size;
import static dev.freshet.coordinator.results.FigureText.throughput;

import dev.freshet.common.measure.Count;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.Summary.Agent;
import dev.freshet.coordinator.results.Summary.Load;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A summary for a person at a terminal, within 100 columns. What is not known is a dash. */
public final class TextReport {
    private static final int WIDTH = 96;
    private static final String GREEN = "32";
    private static final String YELLOW = "33";
    private static final String RED = "31";

    private final Summary summary;
    private final boolean colour;
    private final StringBuilder text = new StringBuilder();

    private TextReport(Summary summary, boolean colour) {
        this.summary = summary;
        this.colour = colour;
    }

    /**
     * @param directory where the files are, as it is to be shown
     * @param colour whether to colour verdict, ledger and gates with ANSI codes
     */
    public static String of(Summary summary, String directory, boolean colour) {
        TextReport report = new TextReport(summary, colour);
        report.head();
        report.load();
        report.ledger();
        report.latency();
        report.agents();
        report.hosts();
        report.gates();
        report.text.append("\nFiles    ").append(directory).append('\n');
        return report.text.toString();
    }

    private void head() {
        Summary.Run run = summary.run();
        text.append("Run      ").append(run.name()).append(", ").append(run.state());
        text.append(", ").append(run.t0() == null ? run.started() : run.t0()).append('\n');
        Verdict verdict = summary.verdict();
        String code = switch (verdict.status()) {
            case VALID -> GREEN;
            case DEGRADED -> YELLOW;
            case INVALID -> RED;
        };
        text.append("Verdict  ")
                .append(coloured(code, verdict.status().toString()))
                .append('\n');
        verdict.reasons().forEach(reason -> wrapped("  - ", reason));
        verdict.notes().forEach(note -> wrapped("  note: ", note));
    }

    private void wrapped(String lead, String sentence) {
        StringBuilder line = new StringBuilder(lead);
        boolean empty = true;
        for (String word : sentence.split(" ")) {
            if (!empty && line.length() + 1 + word.length() > WIDTH) {
                text.append(line).append('\n');
                line = new StringBuilder(" ".repeat(lead.length()));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
        }
        text.append(line).append('\n');
    }

    private void load() {
        TextTable table = new TextTable(1).row("", "rate", "size", "throughput", "time", "");
        table.row(cells("target", FigureText.target(summary.target().rateHertz()), summary.target(), ""));
        table.row(cells(
                "achieved",
                rate(summary.achieved().rateHertz()),
                summary.achieved(),
                FigureText.share(summary.achieved(), summary.target())));
        text.append('\n').append(table.text());
    }

    private static String[] cells(String name, String rate, Load load, String remark) {
        return new String[] {
            name,
            rate,
            size(load.sizeBytes()),
            throughput(load.bytesPerSecond()),
            seconds(load.durationSeconds()),
            remark
        };
    }

    private void ledger() {
        LedgerFigures of = summary.ledger();
        TextTable table = new TextTable(1);
        table.row(
                "scheduled",
                count(of.scheduled()),
                "= sent",
                count(of.sent()),
                "+ skipped",
                count(of.skipped()),
                "+ cancelled",
                count(of.cancelled()));
        table.row("sent", count(of.sent()), "= received", count(of.received()), "+ lost", count(of.lost()));
        table.row(
                "received",
                count(of.received()),
                "= answered",
                count(of.answered()),
                "+ unanswered",
                count(of.unanswered()));
        table.row("answered", count(of.answered()), "= measured", count(of.measured()), "+ late", count(of.late()));
        String closes = of.balanced() ? coloured(GREEN, "balanced") : coloured(RED, "NOT BALANCED");
        text.append("\nLedger of the measured phase, ")
                .append(closes)
                .append('\n')
                .append(table.text());
    }

    private void latency() {
        TextTable table = new TextTable(1).row("", "count", "mean", "p50", "p70", "p90", "p99", "p99.9", "max");
        for (Map.Entry<String, Percentiles> metric : summary.latency().entrySet()) {
            Percentiles of = metric.getValue();
            table.row(
                    metric.getKey(),
                    String.valueOf(of.count()),
                    micros(of.meanMicros()),
                    micros(of.p50Micros()),
                    micros(of.p70Micros()),
                    micros(of.p90Micros()),
                    micros(of.p99Micros()),
                    micros(of.p999Micros()),
                    micros(of.maxMicros()));
        }
        text.append("\nLatency\n").append(table.text());
    }

    private void agents() {
        TextTable table = new TextTable(2)
                .row("agent", "role", "target", "achieved", "sent", "received", "lost", "late p99", "start", "clock");
        for (Agent agent : summary.agents()) {
            LedgerFigures ledger = agent.ledger();
            table.row(
                    agent.name(),
                    agent.role() + (agent.loss() == null ? "" : " (lost)"),
                    agent.produces() ? FigureText.target(agent.rateHertz()) : UNKNOWN,
                    rate(agent.achieved().rateHertz()),
                    ledger == null ? UNKNOWN : count(ledger.sent()),
                    ledger == null ? count(agent.counts().get(Count.RECEIVED)) : count(ledger.received()),
                    ledger == null ? UNKNOWN : count(ledger.lost()),
                    agent.latency() == null
                            ? UNKNOWN
                            : micros(agent.latency().get("lateness").p99Micros()),
                    micros(agent.startErrorMicros()),
                    clock(agent));
        }
        text.append("\nAgents\n").append(table.text());
        processors();
        if (summary.environment().get("start_spread_us") instanceof Number spread) {
            text.append("  first sends within ")
                    .append(micros(spread.doubleValue()))
                    .append(" of each other\n");
        }
    }

    /** What each process used of its host's processors, the mean over the run: 1.00 is one of them, all the time. */
    private void processors() {
        List<Agent> known = summary.agents().stream()
                .filter(agent -> agent.cpuShare() != null)
                .toList();
        if (known.isEmpty()) {
            return;
        }
        String each = known.stream()
                .map(agent -> String.format(Locale.ROOT, "%s %.2f", agent.name(), agent.cpuShare()))
                .collect(Collectors.joining(", "));
        double all = known.stream().mapToDouble(Agent::cpuShare).sum();
        wrapped("  processors  ", String.format(Locale.ROOT, "%s; %.2f in all", each, all));
    }

    private static String clock(Agent agent) {
        return agent.clock() == null
                ? UNKNOWN
                : micros(agent.clock().offsetMicros()) + " +- "
                        + micros(agent.clock().errorMicros());
    }

    /** Of several hosts a table; of one host it is enough to know who is on which interface. */
    private void hosts() {
        String table = HostTable.of(summary);
        if (!table.isEmpty()) {
            text.append("\nInterfaces, while messages were sent\n").append(table);
            return;
        }
        Map<String, List<String>> byPlace = summary.agents().stream()
                .collect(Collectors.groupingBy(
                        agent -> agent.host() + (agent.interfaceName() == null ? "" : ", " + agent.interfaceName()),
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(Agent::name, Collectors.toList())));
        byPlace.forEach((place, names) -> wrapped("  on ", place + ": " + String.join(" ", names)));
    }

    private void gates() {
        if (summary.gates().isEmpty()) {
            return;
        }
        text.append("\nGates\n");
        for (GateResult gate : summary.gates()) {
            String outcome = gate.passed() ? coloured(GREEN, "passed") : coloured(RED, "FAILED");
            text.append("  ").append(outcome).append("  ").append(gate.text());
            text.append("  (").append(FigureText.actual(gate)).append(")\n");
        }
    }

    private String coloured(String code, String word) {
        return colour ? "\u001b[" + code + "m" + word + "\u001b[0m" : word;
    }
}

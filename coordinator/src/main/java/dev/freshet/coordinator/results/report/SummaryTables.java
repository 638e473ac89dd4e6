package dev.freshet.coordinator.results.report;

import static dev.freshet.coordinator.results.FigureText.UNKNOWN;
import static dev.freshet.coordinator.results.FigureText.count;
import static dev.freshet.coordinator.results.FigureText.micros;
import static dev.freshet.coordinator.results.FigureText.rate;
import static dev.freshet.coordinator.results.FigureText.seconds;
import static dev.freshet.coordinator.results.FigureText.size;
import static dev.freshet.coordinator.results.FigureText.throughput;

import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.FigureText;
import dev.freshet.coordinator.results.GateResult;
import dev.freshet.coordinator.results.LedgerFigures;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.Summary.Agent;
import dev.freshet.coordinator.results.Summary.Load;
import dev.freshet.coordinator.results.Verdict;
import java.util.List;

/** A summary as plain HTML, for readers without JavaScript; the classes are those of the page's style sheet. */
final class SummaryTables {
    private final Summary summary;
    private final Html html = new Html();

    private SummaryTables(Summary summary) {
        this.summary = summary;
    }

    static String of(Summary summary) {
        SummaryTables tables = new SummaryTables(summary);
        tables.head();
        tables.load();
        tables.ledger();
        tables.latency();
        tables.agents();
        tables.gates();
        return tables.html.toString();
    }

    private void head() {
        Summary.Run run = summary.run();
        Verdict verdict = summary.verdict();
        String kind = switch (verdict.status()) {
            case VALID -> "good";
            case DEGRADED -> "warning";
            case INVALID -> "bad";
        };
        html.open("header", "title").element("h1", null, run.name());
        html.element("p", "soft small", run.id() + ", " + run.started()).close("header");
        html.open("section", "card verdict").open("p", "badges");
        html.element("span", "badge " + kind, verdict.status().toString());
        html.element("span", "badge", run.state());
        html.element("span", null, run.reason() == null ? "" : run.reason()).close("p");
        html.open("ul", "reasons");
        verdict.reasons().forEach(reason -> html.element("li", kind, reason));
        verdict.notes().forEach(note -> html.element("li", "none", note));
        html.close("ul").close("section");
    }

    private void load() {
        section("Load", List.of("", "Rate", "Size", "Throughput", "Time", ""));
        row("target", FigureText.target(summary.target().rateHertz()), summary.target(), "");
        row(
                "achieved",
                rate(summary.achieved().rateHertz()),
                summary.achieved(),
                FigureText.share(summary.achieved(), summary.target()));
        end();
    }

    private void row(String name, String rate, Load load, String remark) {
        html.row(
                name,
                rate,
                size(load.sizeBytes()),
                throughput(load.bytesPerSecond()),
                seconds(load.durationSeconds()),
                remark);
    }

    private void section(String title, List<String> columns) {
        html.open("section", "card")
                .open("header", null)
                .element("h2", null, title)
                .close("header");
        html.open("div", "scroll").head(columns);
    }

    private void end() {
        html.endOfTable().close("div").close("section");
    }

    private void ledger() {
        LedgerFigures of = summary.ledger();
        section(
                "Ledger of the measured phase, " + (of.balanced() ? "balanced" : "NOT BALANCED"),
                List.of("", "", "", "", "", "", "", ""));
        html.row(
                "scheduled",
                count(of.scheduled()),
                "= sent",
                count(of.sent()),
                "+ skipped",
                count(of.skipped()),
                "+ cancelled",
                count(of.cancelled()));
        html.row("sent", count(of.sent()), "= received", count(of.received()), "+ lost", count(of.lost()), "", "");
        html.row(
                "received",
                count(of.received()),
                "= answered",
                count(of.answered()),
                "+ unanswered",
                count(of.unanswered()),
                "",
                "");
        html.row(
                "answered",
                count(of.answered()),
                "= measured",
                count(of.measured()),
                "+ late",
                count(of.late()),
                "",
                "");
        end();
    }

    private void latency() {
        section("Latency", List.of("", "Count", "Mean", "p50", "p70", "p90", "p99", "p99.9", "Max"));
        summary.latency().forEach(this::metric);
        end();
    }

    private void metric(String name, Percentiles of) {
        html.row(
                name.replace('_', ' '),
                String.valueOf(of.count()),
                micros(of.meanMicros()),
                micros(of.p50Micros()),
                micros(of.p70Micros()),
                micros(of.p90Micros()),
                micros(of.p99Micros()),
                micros(of.p999Micros()),
                micros(of.maxMicros()));
    }

    private void agents() {
        section(
                "Agents",
                List.of("Agent", "Role", "Host", "Interface", "Target", "Achieved", "Sent", "Lost", "Lateness p99"));
        for (Agent agent : summary.agents()) {
            LedgerFigures ledger = agent.ledger();
            html.row(
                    agent.name(),
                    agent.role()
                            + (agent.loss() == null
                                    ? ""
                                    : ", lost: " + agent.loss().reason()),
                    agent.host(),
                    agent.interfaceName() == null ? UNKNOWN : agent.interfaceName(),
                    agent.produces() ? FigureText.target(agent.rateHertz()) : UNKNOWN,
                    rate(agent.achieved().rateHertz()),
                    ledger == null ? UNKNOWN : count(ledger.sent()),
                    ledger == null ? UNKNOWN : count(ledger.lost()),
                    agent.latency() == null
                            ? UNKNOWN
                            : micros(agent.latency().get("lateness").p99Micros()));
        }
        end();
    }

    private void gates() {
        if (!summary.gates().isEmpty()) {
            section("Gates", List.of("Gate", "Result", "Measured"));
            for (GateResult gate : summary.gates()) {
                html.row(gate.text(), gate.passed() ? "passed" : "FAILED", FigureText.actual(gate));
            }
            end();
        }
    }
}

package dev.freshet.coordinator.metrics;

import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.LedgerFigures;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.Summary.Load;
import dev.freshet.coordinator.run.RunState;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The run in progress, or else the last one. */
final class RunMetrics {
    private static final double MICROS = 1e6;

    private final Scrape scrape;
    private final RunStatus status;

    RunMetrics(Scrape scrape, RunStatus status) {
        this.scrape = scrape;
        this.status = status;
    }

    void add() {
        RunStatus.Run run = status.run();
        scrape.gauge(1, "freshet_run_current", "1; which run the figures are of", "run", run.id(), "name", run.name());
        for (RunState state : RunState.values()) {
            String word = state.name().toLowerCase(Locale.ROOT);
            scrape.gauge(
                    word.equals(run.state()) ? 1 : 0,
                    "freshet_run_state",
                    "1 for the state that the run is in, 0 for the others",
                    "state",
                    word);
        }
        if (run.outcome() != null) {
            String word = run.outcome().name().toLowerCase(Locale.ROOT);
            scrape.gauge(1, "freshet_run_outcome", "1; how the run ended", "outcome", word);
        }
        scrape.gauge(
                status.progress().elapsedSeconds(), "freshet_run_elapsed_seconds", "Since T0, to the end of sending");
        scrape.gauge(status.progress().totalSeconds(), "freshet_run_planned_seconds", "Warm-up and measured phase");
        addLoad("target", "What the plan asks for, the mean over the measured phase", status.target());
        addLoad("achieved", "What came of it, the mean over the measured phase so far", status.achieved());
        if (status.ledger() != null) {
            accounts(status.ledger()).forEach(this::addAccount);
        }
        if (status.latency() != null) {
            status.latency().forEach(this::addLatency);
        }
        addGates();
    }

    private void addLoad(String what, String help, Load load) {
        if (load != null) {
            scrape.gauge(load.rateHertz(), "freshet_run_" + what + "_messages_per_second", help);
            scrape.gauge(load.bytesPerSecond(), "freshet_run_" + what + "_bytes_per_second", help + ", payload");
        }
    }

    private void addAccount(String account, Long messages) {
        scrape.counter(
                messages,
                "freshet_run_messages_total",
                "The ledger of the measured phase; begins anew with each run",
                "account",
                account);
    }

    /** The accounts of a ledger by name; null means not known. */
    static Map<String, Long> accounts(LedgerFigures ledger) {
        Map<String, Long> accounts = new LinkedHashMap<>();
        accounts.put("scheduled", ledger.scheduled());
        accounts.put("sent", ledger.sent());
        accounts.put("skipped", ledger.skipped());
        accounts.put("cancelled", ledger.cancelled());
        accounts.put("received", ledger.received());
        accounts.put("lost", ledger.lost());
        accounts.put("answered", ledger.answered());
        accounts.put("unanswered", ledger.unanswered());
        accounts.put("measured", ledger.measured());
        accounts.put("late", ledger.late());
        return accounts;
    }

    private void addLatency(String metric, Percentiles of) {
        addQuantile(metric, "0.5", of.p50Micros());
        addQuantile(metric, "0.7", of.p70Micros());
        addQuantile(metric, "0.9", of.p90Micros());
        addQuantile(metric, "0.99", of.p99Micros());
        addQuantile(metric, "0.999", of.p999Micros());
        addQuantile(metric, "1", of.maxMicros());
    }

    private void addQuantile(String metric, String quantile, Long micros) {
        scrape.gauge(
                micros == null ? null : Double.valueOf(micros / MICROS),
                "freshet_run_latency_seconds",
                "Percentiles over the measured phase so far",
                "metric",
                metric,
                "quantile",
                quantile);
    }

    private void addGates() {
        for (boolean passed : new boolean[] {true, false}) {
            scrape.gauge(
                    status.gates() == null
                            ? null
                            : Long.valueOf(status.gates().stream()
                                    .filter(gate -> gate.passed() == passed)
                                    .count()),
                    "freshet_run_gates",
                    "The run's gates as they would be if it ended now",
                    "result",
                    passed ? "passed" : "failed");
        }
    }
}

package dev.freshet.deploy.terminal;

import static dev.freshet.coordinator.results.FigureText.UNKNOWN;
import static dev.freshet.coordinator.results.FigureText.count;
import static dev.freshet.coordinator.results.FigureText.micros;
import static dev.freshet.coordinator.results.FigureText.rate;
import static java.util.Locale.ROOT;

import dev.freshet.coordinator.history.RunEntry;
import dev.freshet.coordinator.results.TextTable;
import java.util.List;

/** Runs for a person, a line each: the answer of {@code freshet runs}. What is not known is a dash. */
public final class RunsTable {
    private RunsTable() {}

    public static String of(List<RunEntry> runs) {
        TextTable table = new TextTable(3)
                .row("run", "ended", "verdict", "time", "target", "achieved", "share", "p50", "p99", "lost", "gates");
        for (RunEntry run : runs) {
            table.row(
                    run.id(),
                    ended(run),
                    run.verdict() == null ? UNKNOWN : run.verdict().toString(),
                    run.durationSeconds() == null ? UNKNOWN : String.format(ROOT, "%.1f s", run.durationSeconds()),
                    rate(run.targetHertz()),
                    rate(run.achievedHertz()),
                    share(run),
                    micros(run.responseTimeP50Micros()),
                    micros(run.responseTimeP99Micros()),
                    count(run.lost()),
                    gates(run));
        }
        return table.text();
    }

    /** How, or where it stands if it has not. */
    private static String ended(RunEntry run) {
        return run.outcome() == null
                ? run.state()
                : run.outcome().name().toLowerCase(ROOT).replace('_', ' ');
    }

    private static String share(RunEntry run) {
        return run.achievedHertz() == null || run.targetHertz() == null || run.targetHertz() == 0
                ? UNKNOWN
                : String.format(ROOT, "%.2f %%", 100 * run.achievedHertz() / run.targetHertz());
    }

    private static String gates(RunEntry run) {
        if (run.gatesPassed() == null || run.gatesFailed() == null) {
            return UNKNOWN;
        }
        int all = run.gatesPassed() + run.gatesFailed();
        return all == 0 ? "" : run.gatesPassed() + " of " + all;
    }
}

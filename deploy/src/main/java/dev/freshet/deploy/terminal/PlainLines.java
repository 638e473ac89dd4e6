package dev.freshet.deploy.terminal;

import static java.util.Locale.ROOT;

import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.units.ByteSize;
import dev.freshet.common.units.Durations;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.run.RunState;
import java.io.PrintStream;

/** One line for each state and each second, for logs and pipes. */
final class PlainLines implements ProgressView {
    private final PrintStream out;
    private final Plan plan;

    PlainLines(PrintStream out, Plan plan) {
        this.out = out;
        this.plan = plan;
    }

    @Override
    public void state(RunState state, String detail) {
        out.println(state + (detail.isEmpty() ? "" : ": " + detail));
    }

    @Override
    public void row(IntervalRow row) {
        if (row.phase() != plan.timing().phaseOf(row.interval())) {
            return; // stragglers of the other phase: they are in the books, and would only confuse here
        }
        Counts counts = row.counts();
        Percentiles total = row.latency().get(Metric.TOTAL);
        out.println(String.format(
                ROOT,
                "%4d s %-8s %9.1f/s %11s  sent %d received %s answered %d skipped %d%s",
                row.interval() + 1,
                row.phase() == Phase.WARMUP
                        ? "warm-up"
                        : row.interval() * 1_000_000_000L < plan.timing().sendingNanos() ? "measured" : "drain",
                (double) counts.get(Count.SENT),
                ByteSize.formatPerSecond(counts.get(Count.SENT_BYTES)),
                counts.get(Count.SENT),
                plan.consumers() == 0 ? "-" : String.valueOf(counts.get(Count.RECEIVED)),
                counts.get(Count.ANSWERED),
                counts.get(Count.SKIPPED),
                total == null || total.count() == 0
                        ? ""
                        : "  total p50 " + Durations.humanMicros(total.p50Micros()) + " p99 "
                                + Durations.humanMicros(total.p99Micros())));
    }

    @Override
    public void event(String kind, String agent, String text) {
        if (kind.equals("lost") || kind.equals("note") || kind.equals("files")) {
            out.println(kind + " " + agent + ": " + text);
        }
    }

    @Override
    public void merging(double share) {
        // a line for each step would say nothing: MERGING was told, and the report follows
    }

    @Override
    public void close() {
        out.flush();
    }
}

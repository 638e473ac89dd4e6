package dev.freshet.deploy.terminal;

import static java.util.Locale.ROOT;

import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.units.ByteSize;
import dev.freshet.common.units.Durations;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.recording.EventLine;
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
    public void row(LiveRow row) {
        FleetInterval fleet = row.fleet();
        if (fleet.phase() != plan.timing().phaseOf(fleet.interval())) {
            return; // stragglers of the other phase: they are in the books, and would only confuse here
        }
        out.println(String.format(
                ROOT,
                "%4d s %-8s %9.1f/s %11s  sent %d received %s answered %d skipped %d%s",
                fleet.interval() + 1,
                fleet.phase() == Phase.WARMUP
                        ? "warm-up"
                        : fleet.interval() * Timing.INTERVAL_NANOS
                                        < plan.timing().sendingNanos()
                                ? "measured"
                                : "drain",
                (double) fleet.sent(),
                ByteSize.formatPerSecond(fleet.sentBytes()),
                fleet.sent(),
                fleet.received() == null ? "-" : fleet.received().toString(),
                fleet.answered(),
                fleet.skipped(),
                fleet.total().p50Micros() == null
                        ? ""
                        : "  total p50 " + Durations.humanMicros(fleet.total().p50Micros()) + " p99 "
                                + Durations.humanMicros(fleet.total().p99Micros())));
    }

    @Override
    public void event(EventLine event) {
        if (event.kind().equals("lost")
                || event.kind().equals("note")
                || event.kind().equals("files")) {
            out.println(event.kind() + " " + event.agent() + ": " + event.text());
        }
    }

    @Override
    public void merging(double share) {
        // a line for each step would say nothing: MERGING was told, and the report follows
    }

    @Override
    public void servedAt(String url) {
        out.println("freshet: live at " + url);
    }

    @Override
    public void close() {
        out.flush();
    }
}

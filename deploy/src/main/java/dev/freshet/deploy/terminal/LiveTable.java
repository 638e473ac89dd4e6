package dev.freshet.deploy.terminal;

import static java.util.Locale.ROOT;

import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.units.ByteSize;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.intervals.Quantiles;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A table that is drawn over itself once a second: state and bar, target against actual, latency, ledger so far, and a line an agent.
 *
 * <p>Thread-safe: states and rows come from the coordinator's context, merging from the thread that writes.
 */
final class LiveTable implements ProgressView {
    private static final int BAR_WIDTH = 28;
    /** p2 before p10. */
    private static final Comparator<String> BY_NUMBER =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private final Terminal terminal;
    private final Screen screen;
    private final Plan plan;
    private final SoFar soFar = new SoFar();
    private final List<String> trouble = new ArrayList<>();
    private final List<String> connections =
            new ArrayList<>(); // to be made by others, for as long as they are waited for
    private RunState state = RunState.PLANNED;
    private String detail = "";
    private LiveRow last;
    private double merged;

    /** The ledger of the measured phase, of the rows so far. */
    private static final class SoFar {
        private long sent;
        private Long received;
        private long answered;
        private long skipped;
        private long cancelled;

        void add(FleetInterval row) {
            sent += row.sent();
            received = row.received() == null ? null : Long.valueOf(row.received() + (received == null ? 0 : received));
            answered += row.answered();
            skipped += row.skipped();
            cancelled += row.cancelled();
        }
    }

    LiveTable(Terminal terminal, Plan plan) {
        this.terminal = terminal;
        this.screen = new Screen(terminal);
        this.plan = plan;
    }

    @Override
    public synchronized void state(RunState next, String nextDetail) {
        state = next;
        detail = nextDetail;
        if (state != RunState.PREPARING) {
            connections.clear();
        }
        draw();
    }

    @Override
    public synchronized void row(LiveRow row) {
        FleetInterval fleet = row.fleet();
        if (fleet.phase() == Phase.MEASURED) {
            soFar.add(fleet);
        }
        if (fleet.phase() != plan.timing().phaseOf(fleet.interval())) {
            return; // stragglers of the other phase: they are in the books, and would only confuse here
        }
        if (fleet.interval() * Timing.INTERVAL_NANOS
                < plan.timing().sendingNanos()) { // else the last second of sending stays
            last = row;
        }
        draw();
    }

    @Override
    public synchronized void event(EventLine event) {
        if (event.kind().equals("lost")
                || event.kind().equals("note")
                || event.kind().equals("files")) {
            trouble.add(event.agent() + ": " + event.text());
            draw();
        } else if (event.kind().equals("connect")) {
            connections.add(event.agent() + ": " + event.text());
            draw();
        }
    }

    @Override
    public synchronized void merging(double share) {
        merged = share;
        draw();
    }

    /** A line that stays, above the table. */
    @Override
    public synchronized void servedAt(String url) {
        screen.above("freshet: live at " + url);
        draw();
    }

    @Override
    public synchronized void close() {
        terminal.out().flush();
    }

    private void draw() {
        screen.draw(lines());
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(screen.fit(
                terminal.bold(plan.name()) + "  " + terminal.bold(state.toString()) + "  " + bar() + "  " + detail));
        if (last != null) {
            fleetLines(lines);
            agentLines(lines);
        }
        connections.forEach(text -> lines.add(screen.fit(text)));
        trouble.forEach(text -> lines.add(terminal.red(screen.fit(text))));
        return lines;
    }

    private String bar() {
        double share;
        String label;
        if (state == RunState.MERGING) {
            share = merged;
            label = Math.round(100 * merged) + " %";
        } else if (state.compareTo(RunState.RUNNING) >= 0) {
            double total = plan.timing().sendingNanos() / 1e9;
            double elapsed = last == null ? 0 : Math.min(total, last.fleet().interval() + 1.0);
            share = elapsed / total;
            label = String.format(ROOT, "%.0f of %.0f s", elapsed, total);
        } else {
            return "";
        }
        int full = (int) Math.round(BAR_WIDTH * Math.min(1, share));
        String done = terminal.blocks() ? "█" : "#";
        String left = terminal.blocks() ? "░" : "-";
        return done.repeat(full) + left.repeat(BAR_WIDTH - full) + "  " + label;
    }

    private void fleetLines(List<String> lines) {
        FleetInterval fleet = last.fleet();
        lines.add(screen.fit(String.format(
                ROOT,
                "rate     %10.1f/s  of %s  %s",
                (double) fleet.sent(),
                ofTarget(fleet),
                fleet.phase() == Phase.WARMUP ? "warm-up" : "")));
        lines.add(screen.fit("latency  " + latency("total", fleet.total())
                + latency("response time", fleet.responseTime()) + latency("lateness", fleet.lateness())));
        lines.add(screen.fit(String.format(
                ROOT,
                "ledger   sent %d  received %s  answered %d  skipped %d  cancelled %d",
                soFar.sent,
                soFar.received == null ? "-" : soFar.received.toString(),
                soFar.answered,
                soFar.skipped,
                soFar.cancelled)));
    }

    private String ofTarget(FleetInterval fleet) {
        String throughput = ByteSize.formatPerSecond(fleet.sentBytes());
        return fleet.targetHertz() == null
                ? Rate.UNPACED + "   " + throughput
                : String.format(
                        ROOT,
                        "%.1f/s (%.1f %%)   %s of %s",
                        fleet.targetHertz(),
                        100 * fleet.sent() / fleet.targetHertz(),
                        throughput,
                        ByteSize.formatPerSecond(
                                fleet.targetHertz() * plan.sizes().meanSizeBytes()));
    }

    private static String latency(String name, Quantiles timed) {
        return timed.p50Micros() == null
                ? ""
                : name + " p50 " + Durations.humanMicros(timed.p50Micros()) + " p99 "
                        + Durations.humanMicros(timed.p99Micros()) + "   ";
    }

    private void agentLines(List<String> lines) {
        lines.add(terminal.dim(screen.fit("agent                 messages      bytes/s   skipped   lateness p99")));
        int room = Math.max(1, terminal.rows() - lines.size() - trouble.size() - 2);
        last.agents().stream()
                .sorted(Comparator.comparing(AgentInterval::agent, BY_NUMBER))
                .limit(room)
                .forEach(agent -> lines.add(screen.fit(agentLine(agent))));
        if (last.agents().size() > room) {
            lines.add(terminal.dim("and " + (last.agents().size() - room) + " more"));
        }
    }

    private static String agentLine(AgentInterval agent) {
        return String.format(
                ROOT,
                "%-18s %10.0f/s %12s %9s %14s",
                agent.agent(),
                (double) agent.rateHertz(),
                ByteSize.formatPerSecond(agent.bytesPerSecond()),
                agent.skipped() == null ? "" : agent.skipped().toString(),
                agent.latenessP99Micros() == null ? "" : Durations.humanMicros(agent.latenessP99Micros()));
    }
}

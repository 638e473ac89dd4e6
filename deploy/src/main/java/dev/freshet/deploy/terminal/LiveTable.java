package dev.freshet.deploy.terminal;

import static java.util.Locale.ROOT;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.units.ByteSize;
import dev.freshet.common.units.Durations;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.books.Percentiles;
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
    private final Plan plan;
    private final Counts soFar = new Counts();
    private final List<String> trouble = new ArrayList<>();
    private final List<String> connections =
            new ArrayList<>(); // to be made by others, for as long as they are waited for
    private RunState state = RunState.PLANNED;
    private String detail = "";
    private IntervalRow last;
    private double merged;
    private int drawnLines;

    LiveTable(Terminal terminal, Plan plan) {
        this.terminal = terminal;
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
    public synchronized void row(IntervalRow row) {
        if (row.phase() == Phase.MEASURED) {
            soFar.add(row.counts());
        }
        if (row.phase() != plan.timing().phaseOf(row.interval())) {
            return; // stragglers of the other phase: they are in the books, and would only confuse here
        }
        if (row.interval() * Timing.INTERVAL_NANOS
                < plan.timing().sendingNanos()) { // else the last second of sending stays
            last = row;
        }
        draw();
    }

    @Override
    public synchronized void event(String kind, String agent, String text) {
        if (kind.equals("lost") || kind.equals("note") || kind.equals("files")) {
            trouble.add(agent + ": " + text);
            draw();
        } else if (kind.equals("connect")) {
            connections.add(agent + ": " + text);
            draw();
        }
    }

    @Override
    public synchronized void merging(double share) {
        merged = share;
        draw();
    }

    @Override
    public synchronized void close() {
        terminal.out().flush();
    }

    private void draw() {
        List<String> lines = lines();
        StringBuilder screen = new StringBuilder();
        if (drawnLines > 0) {
            screen.append("\u001b[").append(drawnLines).append("A\r");
        }
        for (String line : lines) {
            screen.append(line).append("\u001b[K\n");
        }
        screen.append("\u001b[J");
        terminal.out().print(screen);
        terminal.out().flush();
        drawnLines = lines.size();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(fit(
                terminal.bold(plan.name()) + "  " + terminal.bold(state.toString()) + "  " + bar() + "  " + detail));
        if (last != null) {
            fleetLines(lines);
            agentLines(lines);
        }
        connections.forEach(text -> lines.add(fit(text)));
        trouble.forEach(text -> lines.add(terminal.red(fit(text))));
        // a frame that is higher than the screen could not be drawn over
        return lines.size() < terminal.rows() ? lines : lines.subList(0, terminal.rows() - 1);
    }

    private String bar() {
        double share;
        String label;
        if (state == RunState.MERGING) {
            share = merged;
            label = Math.round(100 * merged) + " %";
        } else if (state.compareTo(RunState.RUNNING) >= 0) {
            double total = plan.timing().sendingNanos() / 1e9;
            double elapsed = last == null ? 0 : Math.min(total, last.interval() + 1.0);
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
        Counts counts = last.counts();
        double rate = counts.get(Count.SENT);
        String phase = last.phase() == Phase.WARMUP ? "warm-up" : "";
        lines.add(fit(String.format(
                ROOT,
                "rate     %10.1f/s  of %s (%.1f %%)   %s of %s  %s",
                rate,
                plan.rate(),
                100 * rate / plan.rate().hertz(),
                ByteSize.formatPerSecond(counts.get(Count.SENT_BYTES)),
                ByteSize.formatPerSecond(plan.bytesPerSecond()),
                phase)));
        lines.add(fit("latency  " + latency("total", Metric.TOTAL) + latency("response time", Metric.RESPONSE_TIME)
                + latency("lateness", Metric.LATENESS)));
        lines.add(fit(String.format(
                ROOT,
                "ledger   sent %d  received %s  answered %d  skipped %d  cancelled %d",
                soFar.get(Count.SENT),
                plan.consumers() == 0 ? "-" : String.valueOf(soFar.get(Count.RECEIVED)),
                soFar.get(Count.ANSWERED),
                soFar.get(Count.SKIPPED),
                soFar.get(Count.CANCELLED))));
    }

    private String latency(String name, Metric metric) {
        Percentiles percentiles = last.latency().get(metric);
        return percentiles == null || percentiles.count() == 0
                ? ""
                : name + " p50 " + Durations.humanMicros(percentiles.p50Micros()) + " p99 "
                        + Durations.humanMicros(percentiles.p99Micros()) + "   ";
    }

    private void agentLines(List<String> lines) {
        lines.add(terminal.dim(fit("agent                 messages      bytes/s   skipped   lateness p99")));
        int room = Math.max(1, terminal.rows() - lines.size() - trouble.size() - 2);
        int shown = 0;
        for (String agent : last.agents().keySet().stream().sorted(BY_NUMBER).toList()) {
            if (shown++ == room) {
                lines.add(terminal.dim("and " + (last.agents().size() - room) + " more"));
                break;
            }
            lines.add(fit(agentLine(agent, last.agents().get(agent))));
        }
    }

    private static String agentLine(String name, Book book) {
        Counts counts = book.counts();
        boolean produces = counts.get(Count.SCHEDULED) > 0;
        return String.format(
                ROOT,
                "%-18s %10.0f/s %12s %9s %14s",
                name,
                (double) counts.get(produces ? Count.SENT : Count.RECEIVED),
                ByteSize.formatPerSecond(counts.get(produces ? Count.SENT_BYTES : Count.RECEIVED_BYTES)),
                produces ? String.valueOf(counts.get(Count.SKIPPED)) : "",
                book.has(Metric.LATENESS)
                        ? Durations.humanMicros(book.histogram(Metric.LATENESS).valueAtPercentile(99))
                        : "");
    }

    /** Cut to the width, or a wrapped line would throw the next drawing off. Escape sequences take no room. */
    private String fit(String line) {
        StringBuilder shown = new StringBuilder();
        int width = 0;
        for (int i = 0; i < line.length() && width < terminal.columns() - 1; i++) {
            if (line.charAt(i) == '\u001b') {
                int end = line.indexOf('m', i);
                shown.append(line, i, end + 1);
                i = end;
            } else {
                shown.append(line.charAt(i));
                width++;
            }
        }
        return shown.toString();
    }
}

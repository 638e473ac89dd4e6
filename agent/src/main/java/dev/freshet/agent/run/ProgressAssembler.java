package dev.freshet.agent.run;

import dev.freshet.common.measure.Book;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/**
 * Makes one report an interval out of what several threads recorded, and the totals as the sum of the reports. A report goes out when every
 * thread has closed the interval or has finished before it.
 *
 * <p>Thread-safe: each recording thread calls in once an interval.
 */
public final class ProgressAssembler {
    private static final int FINISHED = Integer.MAX_VALUE;

    private final RunEvents events;
    private final List<String> producers;
    private final int[] closedUpTo;
    private final TreeMap<Integer, List<RunEvents.Entry>> open = new TreeMap<>();
    private final Deque<Book> spares = new ArrayDeque<>();
    private final int maxSpares;
    private List<RunEvents.Entry> totals;
    private int reported;

    /**
     * @param producers whose messages are recorded
     * @param parts how many threads record
     */
    public ProgressAssembler(RunEvents events, List<String> producers, int parts) {
        this.events = events;
        this.producers = List.copyOf(producers);
        this.closedUpTo = new int[parts];
        this.maxSpares = 4 * parts * producers.size();
        Arrays.fill(closedUpTo, -1);
    }

    /** The books of recording thread {@code part}, counted from 0. */
    public IntervalBooks books(int part, long t0Nanos) {
        return new IntervalBooks(this, part, producers, t0Nanos);
    }

    synchronized void closed(int part, int interval, List<RunEvents.Entry> entries, boolean last) {
        open.merge(interval, entries, this::merged);
        closedUpTo[part] = last ? FINISHED : interval;
        int complete = Arrays.stream(closedUpTo).min().orElseThrow();
        while (!open.isEmpty() && open.firstKey() <= complete) {
            report(open.pollFirstEntry().getValue());
        }
    }

    private List<RunEvents.Entry> merged(List<RunEvents.Entry> into, List<RunEvents.Entry> from) {
        for (int i = 0; i < into.size(); i++) {
            into.get(i).book().add(from.get(i).book());
        }
        recycle(from);
        return into;
    }

    private void report(List<RunEvents.Entry> entries) {
        if (totals == null) {
            totals = new ArrayList<>();
            for (RunEvents.Entry entry : entries) {
                totals.add(new RunEvents.Entry(entry.producer(), entry.phase(), new Book()));
            }
        }
        for (int i = 0; i < entries.size(); i++) {
            totals.get(i).book().add(entries.get(i).book());
        }
        events.interval(reported++, entries, () -> recycle(entries));
    }

    private synchronized void recycle(List<RunEvents.Entry> entries) {
        for (RunEvents.Entry entry : entries) {
            if (spares.size() < maxSpares) {
                entry.book().clear();
                spares.push(entry.book());
            }
        }
    }

    synchronized Book takeBook() {
        return spares.isEmpty() ? new Book() : spares.pop();
    }

    /** How many intervals were reported. */
    public synchronized int intervals() {
        return reported;
    }

    /** The sums over all reported intervals; complete when every thread has finished. */
    public synchronized List<RunEvents.Entry> totals() {
        return totals == null ? List.of() : List.copyOf(totals);
    }
}

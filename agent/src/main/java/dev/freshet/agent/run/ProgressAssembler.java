package dev.freshet.agent.run;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes one report an interval out of what several threads recorded, and the totals as the sum of the reports. A report goes out when every
 * thread has closed the interval or has finished before it.
 *
 * <p>Thread-safe: each recording thread calls in once an interval, and leaves its books there; they are added up, and cleared, by the thread
 * that deals with the report.
 */
public final class ProgressAssembler {
    private static final int FINISHED = Integer.MAX_VALUE;
    private static final int MAX_SPARES = 2;

    private final RunEvents events;
    private final List<String> producers;
    private final int[] closedUpTo;
    private final TreeMap<Integer, List<Closed>> open = new TreeMap<>();

    /** Books to be written again, by part and place: each place has histograms of its own metrics, and a book keeps those it has had. */
    private final Map<Integer, Deque<Book>> spares = new HashMap<>();

    private final List<RunEvents.Entry> totals =
            new ArrayList<>(); // guarded by itself: recording threads never wait for sums
    private int reported;

    /**
     * @param producers whose messages are recorded
     * @param parts how many threads record
     */
    public ProgressAssembler(RunEvents events, List<String> producers, int parts) {
        this.events = events;
        this.producers = List.copyOf(producers);
        this.closedUpTo = new int[parts];
        Arrays.fill(closedUpTo, -1);
        for (String producer : producers) {
            for (Phase phase : Phase.values()) {
                totals.add(new RunEvents.Entry(producer, phase, new Book()));
            }
        }
    }

    /**
     * Makes the books that one thread writes in a phase beforehand, so that nothing need be made while it lasts, nor moved by the collector.
     *
     * @param metrics what it times; of the last thread, what any of them times, as its books become the sums
     */
    public synchronized void keepRoom(int part, Phase phase, Set<Metric> metrics) {
        for (int producer = 0; producer < producers.size(); producer++) {
            int place = IntervalBooks.place(producer, phase);
            Deque<Book> sparesThere = sparesOf(part, place);
            while (sparesThere.size() < MAX_SPARES) {
                sparesThere.push(keepingRoom(new Book(), metrics));
            }
            synchronized (totals) {
                keepingRoom(totals.get(place).book(), metrics);
            }
        }
    }

    private static Book keepingRoom(Book book, Set<Metric> metrics) {
        metrics.forEach(book::keepRoom);
        return book;
    }

    /** The books of recording thread {@code part}, counted from 0. */
    public IntervalBooks books(int part, long t0Nanos) {
        return new IntervalBooks(this, part, producers, t0Nanos);
    }

    /** What one thread recorded in one interval. */
    private record Closed(int part, List<RunEvents.Entry> entries) {}

    synchronized void closed(int part, int interval, List<RunEvents.Entry> entries, boolean last) {
        open.computeIfAbsent(interval, any -> new ArrayList<>(closedUpTo.length))
                .add(new Closed(part, entries));
        closedUpTo[part] = last ? FINISHED : interval;
        int complete = Arrays.stream(closedUpTo).min().orElseThrow();
        while (!open.isEmpty() && open.firstKey() <= complete) {
            events.interval(reported++, new Parts(open.pollFirstEntry().getValue()));
        }
    }

    /** What the threads recorded in one interval; the last part becomes the sum. Owned by the thread that deals with it. */
    private final class Parts implements RunEvents.Report {
        private final List<Closed> parts;
        private boolean merged;

        Parts(List<Closed> parts) {
            this.parts = parts;
            parts.sort(Comparator.comparingInt(Closed::part).reversed());
        }

        @Override
        public List<RunEvents.Entry> entries() {
            List<RunEvents.Entry> sum = parts.get(0).entries();
            if (!merged) {
                merged = true;
                parts.subList(1, parts.size()).forEach(part -> add(part.entries(), sum));
                addToTotals(sum);
            }
            return sum;
        }

        @Override
        public void giveBack() {
            entries(); // nothing is missing from the totals because nobody looked
            parts.forEach(ProgressAssembler.this::recycle);
        }
    }

    private static void add(List<RunEvents.Entry> from, List<RunEvents.Entry> into) {
        for (int i = 0; i < into.size(); i++) {
            into.get(i).book().add(from.get(i).book());
        }
    }

    private void addToTotals(List<RunEvents.Entry> entries) {
        synchronized (totals) {
            add(entries, totals);
        }
    }

    private void recycle(Closed closed) {
        List<RunEvents.Entry> entries = closed.entries();
        entries.forEach(entry -> entry.book().clear());
        synchronized (this) {
            for (int place = 0; place < entries.size(); place++) {
                Deque<Book> sparesThere = sparesOf(closed.part(), place);
                if (sparesThere.size() < MAX_SPARES) {
                    sparesThere.push(entries.get(place).book());
                }
            }
        }
    }

    private Deque<Book> sparesOf(int part, int place) {
        return spares.computeIfAbsent(place * closedUpTo.length + part, any -> new ArrayDeque<>(MAX_SPARES));
    }

    synchronized Book takeBook(int part, int place) {
        Deque<Book> sparesThere = sparesOf(part, place);
        return sparesThere.isEmpty() ? new Book() : sparesThere.pop();
    }

    /** How many intervals were reported. */
    public synchronized int intervals() {
        return reported;
    }

    /** The sums over all reports; complete when every thread has finished and the last report has been given back. */
    public List<RunEvents.Entry> totals() {
        synchronized (totals) {
            return List.copyOf(totals);
        }
    }
}

package dev.freshet.agent.run;

import dev.freshet.common.measure.Book;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Timing;
import java.util.ArrayList;
import java.util.List;

/**
 * The books that one thread writes: a set for each interval, two of each producer, for warm-up and measured. When an interval is over its set
 * is handed to the {@link ProgressAssembler} and the thread goes on in a fresh one; nothing is ever reset while it is written.
 *
 * <p>Owned by the thread that records; only {@link ProgressAssembler} passes sets between threads.
 */
public final class IntervalBooks {
    private static final Phase[] PHASES = Phase.values();

    private final ProgressAssembler assembler;
    private final int part;
    private final List<String> producers;
    private final long t0Nanos;
    private Book[] current;
    private int interval;
    private long boundaryNanos;

    IntervalBooks(ProgressAssembler assembler, int part, List<String> producers, long t0Nanos) {
        this.assembler = assembler;
        this.part = part;
        this.producers = producers;
        this.t0Nanos = t0Nanos;
        this.boundaryNanos = t0Nanos + Timing.INTERVAL_NANOS;
        this.current = fresh();
    }

    /** The open book of one producer, by its place in the list given to the assembler. */
    public Book book(int producer, Phase phase) {
        return current[place(producer, phase)];
    }

    /** Where in a set the book of a producer's phase is. */
    static int place(int producer, Phase phase) {
        return producer * PHASES.length + phase.ordinal();
    }

    /** Closes the intervals that are over; cheap when none is. To be called before recording, and at least once an interval. */
    public void rollTo(long nowNanos) {
        if (nowNanos >= boundaryNanos) {
            roll(nowNanos);
        }
    }

    private void roll(long nowNanos) {
        while (nowNanos >= boundaryNanos) {
            close(false);
            current = fresh();
            interval++;
            boundaryNanos = t0Nanos + (interval + 1) * Timing.INTERVAL_NANOS;
        }
    }

    /** When the open interval is over, on the run's clock. */
    public long boundaryNanos() {
        return boundaryNanos;
    }

    /** Closes the open interval for good. */
    public void finish() {
        close(true);
    }

    private void close(boolean last) {
        List<RunEvents.Entry> entries = new ArrayList<>(current.length);
        for (int i = 0; i < current.length; i++) {
            entries.add(new RunEvents.Entry(producers.get(i / PHASES.length), PHASES[i % PHASES.length], current[i]));
        }
        assembler.closed(part, interval, entries, last);
    }

    private Book[] fresh() {
        Book[] books = new Book[producers.size() * PHASES.length];
        for (int i = 0; i < books.length; i++) {
            books[i] = assembler.takeBook(part, i);
        }
        return books;
    }
}

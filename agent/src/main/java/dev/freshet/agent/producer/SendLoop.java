package dev.freshet.agent.producer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.wire.Request;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Sends a shard's messages, each at its intended time: an open loop, in which a message that is late is sent late and the schedule never slips.
 * A message's number is its place in the schedule; one that is skipped leaves a gap.
 *
 * <p>Owned by the publishing thread.
 */
final class SendLoop {
    private static final int PREPARATION_SAMPLE_MASK = 63; // every 64th message
    private static final long PREPARATION_LIMIT_NANOS = 60_000_000_000L;
    private static final long RETRY_NANOS = 50_000;

    private final Shard.Producing shard;
    private final Publisher publisher;
    private final InFlightTable inFlight;
    private final Pacer pacer;
    private final Course course;
    private final byte[] idPrefix;
    private final Consumer<String> notes;
    private final long firstMeasured;
    private final Histogram preparationNanos = new Histogram(1, PREPARATION_LIMIT_NANOS, 3);

    private Timetable timetable;
    private long messages; // of the timetable
    private IntervalBooks books;
    private long sent;
    private long firstSendNanos;
    private long lastSendNanos;

    /** @param notes takes what a person should know */
    SendLoop(
            Shard.Producing shard,
            byte[] idPrefix,
            Publisher publisher,
            InFlightTable inFlight,
            Pacer pacer,
            Course course,
            Consumer<String> notes) {
        this.shard = shard;
        this.idPrefix = idPrefix;
        this.publisher = publisher;
        this.inFlight = inFlight;
        this.pacer = pacer;
        this.course = course;
        this.notes = notes;
        this.firstMeasured = shard.firstMeasured();
    }

    /** How long writing a message took, in nanoseconds, of every 64th one; to be read when {@link #run} is over. */
    Histogram preparationNanos() {
        return preparationNanos;
    }

    /**
     * Sends until the time for it is over or the run is stopped, and closes the books. Even if no message is left it waits for that end, as a
     * change of the rate may bring more.
     *
     * @param t0Nanos when the schedule begins, nanoseconds since the epoch
     */
    Sending run(long t0Nanos, IntervalBooks intervalBooks) {
        books = intervalBooks;
        long endNanos = t0Nanos + shard.timing().sendingNanos();
        long index = 0;
        take(course.timetable());
        while (true) {
            long intended = index < messages ? t0Nanos + timetable.nanosAt(index) : endNanos;
            long now = awaitTime(intended);
            if (course.timetable() != timetable) {
                change(index);
                continue;
            }
            if (index >= messages || course.isStopped()) {
                break;
            }
            books.rollTo(now);
            send(index, intended, now);
            index++;
        }
        publisher.flush();
        cancelFrom(index);
        books.finish();
        return new Sending(sent, sent == 0 ? null : firstSendNanos, sent == 0 ? null : lastSendNanos, pacer.now());
    }

    private void take(Timetable current) {
        timetable = current;
        messages = shard.timing().messages(current);
    }

    /**
     * Goes on by another timetable, from the next message on. Who hears of it after the moment that it names has sent some messages by the one
     * before; they stay, under their numbers, and the next one is due when the new timetable says: that may be long ago, or not for a while.
     */
    private void change(long nextIndex) {
        List<Timetable.Piece> known = timetable.pieces();
        take(course.timetable());
        for (Timetable.Piece piece : timetable.pieces()) {
            if (nextIndex > piece.fromIndex() && !known.contains(piece)) {
                notes.accept(String.format(
                        Locale.ROOT,
                        "heard too late that its rate is %s from second %d on: %d messages went by the rate before",
                        piece.rate(),
                        piece.fromNanos() / Timing.INTERVAL_NANOS,
                        nextIndex - piece.fromIndex()));
            }
        }
    }

    /** Returns the time at or after {@code targetNanos}, or before it if the run was stopped or the timetable changed. */
    private long awaitTime(long targetNanos) {
        long now = pacer.now();
        if (now < targetNanos) {
            publisher.flush();
        }
        while (now < targetNanos && !course.isStopped() && course.timetable() == timetable) {
            now = pacer.towards(targetNanos, books.boundaryNanos());
            if (now < targetNanos) {
                books.rollTo(now);
            }
        }
        return now;
    }

    private void send(long index, long intended, long now) {
        SizeMix sizes = shard.sizes();
        int channel = (int) (index % shard.channels());
        int sizeBytes = sizes.sizeBytesAt(index);
        long t1Micros = now / 1000;

        bookOf(index).counts().increment(Count.SCHEDULED);
        long overwritten = inFlight.put(index, t1Micros);
        if (overwritten != InFlightTable.NONE) {
            bookOf(overwritten).counts().increment(Count.OVERWRITTEN);
        }
        prepare(channel, index, t1Micros, sizeBytes);
        if (publisher.offer(channel)) {
            accepted(index, intended, now, sizeBytes);
        } else {
            refused(channel, index, intended, sizeBytes);
        }
    }

    private void prepare(int channel, long index, long t1Micros, int sizeBytes) {
        if ((index & PREPARATION_SAMPLE_MASK) != 0) {
            publisher.prepare(channel, index, t1Micros, sizeBytes);
            return;
        }
        long before = System.nanoTime();
        publisher.prepare(channel, index, t1Micros, sizeBytes);
        long took = System.nanoTime() - before;
        if (took <= PREPARATION_LIMIT_NANOS) {
            preparationNanos.recordValue(took);
        }
    }

    private void accepted(long index, long intended, long t1Nanos, int sizeBytes) {
        Book book = bookOf(index);
        Counts counts = book.counts();
        counts.increment(Count.SENT);
        counts.add(Count.SENT_BYTES, sizeBytes);
        int bodyBytes = Request.headerLength(idPrefix, index) + sizeBytes;
        counts.add(Count.WIRE_BYTES, bodyBytes + Request.framingBytes(bodyBytes));
        book.record(Metric.LATENESS, (t1Nanos - intended) / 1000);
        if (sent++ == 0) {
            firstSendNanos = t1Nanos;
        }
        lastSendNanos = t1Nanos;
    }

    private void refused(int channel, long index, long intended, int sizeBytes) {
        if (shard.onFull() == OnFull.SKIP) {
            inFlight.skip(index);
            bookOf(index).counts().increment(Count.SKIPPED);
            return;
        }
        publisher.flush();
        while (!course.isStopped()) {
            long now = pacer.rest(RETRY_NANOS);
            books.rollTo(now);
            inFlight.restamp(index, now / 1000);
            publisher.prepare(channel, index, now / 1000, sizeBytes);
            if (publisher.offer(channel)) {
                accepted(index, intended, now, sizeBytes);
                return;
            }
        }
        inFlight.skip(index);
        bookOf(index).counts().increment(Count.CANCELLED);
    }

    private void cancelFrom(long index) {
        long left = Math.max(0, messages - index); // none if it was slowed down too late
        long warmup = Math.min(left, Math.max(0, firstMeasured - index));
        cancel(Phase.WARMUP, warmup);
        cancel(Phase.MEASURED, left - warmup);
    }

    private void cancel(Phase phase, long amount) {
        Counts counts = books.book(0, phase).counts();
        counts.add(Count.SCHEDULED, amount);
        counts.add(Count.CANCELLED, amount);
    }

    private Book bookOf(long index) {
        return books.book(0, index < firstMeasured ? Phase.WARMUP : Phase.MEASURED);
    }
}

package dev.freshet.agent.producer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.wire.Request;
import org.HdrHistogram.Histogram;

/**
 * Sends one message after the other, whenever it is told to: enters each in the in-flight table, writes it, offers it to the publisher, and counts
 * what came of it.
 *
 * <p>Owned by the publishing thread.
 */
final class Sender {
    private static final int PREPARATION_SAMPLE_MASK = 63; // every 64th message
    private static final long PREPARATION_LIMIT_NANOS = 60_000_000_000L;

    private final Shard.Producing shard;
    private final byte[] idPrefix;
    private final Publisher publisher;
    private final InFlightTable inFlight;
    private final Course course;
    private final Histogram preparationNanos = new Histogram(1, PREPARATION_LIMIT_NANOS, 3);

    private IntervalBooks books;
    private long sent;
    private long firstSendNanos;
    private long lastSendNanos;

    Sender(Shard.Producing shard, byte[] idPrefix, Publisher publisher, InFlightTable inFlight, Course course) {
        this.shard = shard;
        this.idPrefix = idPrefix;
        this.publisher = publisher;
        this.inFlight = inFlight;
        this.course = course;
    }

    /** To be called once, before the first message. */
    void open(IntervalBooks intervalBooks) {
        books = intervalBooks;
    }

    /** How long writing a message took, in nanoseconds, of every 64th one. */
    Histogram preparationNanos() {
        return preparationNanos;
    }

    /**
     * Offers the next message.
     *
     * @param nowNanos its t1, nanoseconds since the epoch
     * @return whether it was taken; if not, it is offered again or given up before the next one
     */
    boolean offer(long index, long nowNanos) {
        int channel = channel(index);
        int sizeBytes = shard.sizes().sizeBytesAt(index);
        long overwritten = inFlight.put(index, nowNanos / 1000);
        if (overwritten != InFlightTable.NONE) {
            book(overwritten).counts().increment(Count.OVERWRITTEN);
        }
        prepare(channel, index, nowNanos / 1000, sizeBytes);
        return publisher.offer(channel) && accepted(index, nowNanos, sizeBytes);
    }

    /** Offers the message that was refused last, with another t1; the rest is as in {@link #offer}. */
    boolean offerAgain(long index, long nowNanos) {
        int channel = channel(index);
        int sizeBytes = shard.sizes().sizeBytesAt(index);
        inFlight.restamp(index, nowNanos / 1000);
        publisher.prepare(channel, index, nowNanos / 1000, sizeBytes);
        return publisher.offer(channel) && accepted(index, nowNanos, sizeBytes);
    }

    /** Takes back the message that was refused last. */
    void giveUp(long index) {
        inFlight.skip(index);
    }

    private int channel(long index) {
        return (int) (index % shard.channels());
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

    private boolean accepted(long index, long t1Nanos, int sizeBytes) {
        Counts counts = book(index).counts();
        counts.increment(Count.SENT);
        counts.add(Count.SENT_BYTES, sizeBytes);
        int bodyBytes = Request.headerLength(idPrefix, index) + sizeBytes;
        counts.add(Count.WIRE_BYTES, bodyBytes + Request.framingBytes(bodyBytes));
        if (sent++ == 0) {
            firstSendNanos = t1Nanos;
        }
        lastSendNanos = t1Nanos;
        return true;
    }

    /** The open book that a message belongs to. */
    Book book(long index) {
        return books.book(0, index < course.firstMeasured() ? Phase.WARMUP : Phase.MEASURED);
    }

    /** Lets go of what the publisher has held back, and says what was sent. */
    Sending close(long nowNanos) {
        publisher.flush();
        return new Sending(sent, sent == 0 ? null : firstSendNanos, sent == 0 ? null : lastSendNanos, nowNanos);
    }
}

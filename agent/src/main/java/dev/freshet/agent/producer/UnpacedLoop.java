package dev.freshet.agent.producer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.Timing;

/**
 * Sends one message after the other, as fast as the publisher takes them, for as long as the shard has it; at the high-water mark it waits. No
 * message has an intended time, and how many there will be nobody knows: one is scheduled when it is sent, or cancelled when the run is stopped while it
 * waits. Its phase is that of its t1.
 *
 * <p>Owned by the publishing thread.
 */
final class UnpacedLoop implements SendLoop {
    /** As often it is tried again at once, as room is often made within some microseconds. */
    private static final int TRIES_AT_ONCE = 20;

    /** And then so long is slept between two tries: what the publisher has queued lasts longer than that. */
    private static final long RETRY_NANOS = 50_000;

    private final Timing timing;
    private final Sender sender;
    private final Publisher publisher;
    private final Pacer pacer;
    private final Course course;

    private IntervalBooks books;
    private long measuredFromMicros;
    private boolean measured;

    UnpacedLoop(Timing timing, Sender sender, Publisher publisher, Pacer pacer, Course course) {
        this.timing = timing;
        this.sender = sender;
        this.publisher = publisher;
        this.pacer = pacer;
        this.course = course;
    }

    @Override
    public Sending run(long t0Nanos, IntervalBooks intervalBooks) {
        books = intervalBooks;
        sender.open(intervalBooks);
        measuredFromMicros = timing.measuredFromMicros(t0Nanos);
        long endNanos = t0Nanos + timing.sendingNanos();
        long now = awaitStart(t0Nanos);
        for (long index = 0; now < endNanos && !course.isStopped(); index++) {
            books.rollTo(now);
            label(index, now);
            if (sender.offer(index, now) || awaitRoom(index, endNanos)) {
                sender.book(index).counts().increment(Count.SCHEDULED);
            }
            now = pacer.now();
        }
        Sending sending = sender.close(pacer.now());
        books.finish();
        return sending;
    }

    private long awaitStart(long t0Nanos) {
        long now = pacer.now();
        while (now < t0Nanos && !course.isStopped()) {
            now = pacer.towards(t0Nanos, books.boundaryNanos());
        }
        return now;
    }

    /** The first message whose t1 is in the measured phase is known as such before it can be answered. */
    private void label(long index, long nowNanos) {
        if (!measured && nowNanos / 1000 >= measuredFromMicros) {
            measured = true;
            course.setFirstMeasured(index);
        }
    }

    /** Whether the message was sent; if there is no room in time it was never scheduled, unless it was the run that was stopped. */
    private boolean awaitRoom(long index, long endNanos) {
        publisher.flush();
        int tries = 0;
        long now = pacer.now();
        while (now < endNanos && !course.isStopped()) {
            books.rollTo(now);
            label(index, now);
            if (sender.offerAgain(index, now)) {
                return true;
            }
            now = tries++ < TRIES_AT_ONCE ? pacer.giveWay() : pacer.rest(RETRY_NANOS);
        }
        sender.giveUp(index);
        if (course.isStopped()) {
            Counts counts = sender.book(index).counts();
            counts.increment(Count.SCHEDULED);
            counts.increment(Count.CANCELLED);
        }
        return false;
    }
}

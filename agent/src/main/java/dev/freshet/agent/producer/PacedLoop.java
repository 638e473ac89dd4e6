package dev.freshet.agent.producer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.Timetable;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Sends a shard's messages, each at its intended time: an open loop, in which a message that is late is sent late and the schedule never slips.
 * A message's number is its place in the schedule; one that is skipped leaves a gap.
 *
 * <p>Owned by the publishing thread.
 */
final class PacedLoop implements SendLoop {
    private static final long RETRY_NANOS = 50_000;

    private final Shard.Producing shard;
    private final Sender sender;
    private final Publisher publisher;
    private final Pacer pacer;
    private final Course course;
    private final Consumer<String> notes;

    private Timetable timetable;
    private long messages; // of the timetable
    private IntervalBooks books;

    /** @param notes takes what a person should know */
    PacedLoop(
            Shard.Producing shard,
            Sender sender,
            Publisher publisher,
            Pacer pacer,
            Course course,
            Consumer<String> notes) {
        this.shard = shard;
        this.sender = sender;
        this.publisher = publisher;
        this.pacer = pacer;
        this.course = course;
        this.notes = notes;
    }

    /** Even if no message is left it waits for the end, as a change of the rate may bring more. */
    @Override
    public Sending run(long t0Nanos, IntervalBooks intervalBooks) {
        books = intervalBooks;
        sender.open(intervalBooks);
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
        Sending sending = sender.close(pacer.now());
        cancelFrom(index);
        books.finish();
        return sending;
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
        sender.book(index).counts().increment(Count.SCHEDULED);
        if (sender.offer(index, now)) {
            timeLateness(index, intended, now);
        } else if (shard.onFull() == OnFull.SKIP) {
            sender.giveUp(index);
            sender.book(index).counts().increment(Count.SKIPPED);
        } else {
            awaitRoom(index, intended);
        }
    }

    private void timeLateness(long index, long intended, long now) {
        sender.book(index).record(Metric.LATENESS, (now - intended) / 1000);
    }

    private void awaitRoom(long index, long intended) {
        publisher.flush();
        while (!course.isStopped()) {
            long now = pacer.rest(RETRY_NANOS);
            books.rollTo(now);
            if (sender.offerAgain(index, now)) {
                timeLateness(index, intended, now);
                return;
            }
        }
        sender.giveUp(index);
        sender.book(index).counts().increment(Count.CANCELLED);
    }

    private void cancelFrom(long index) {
        long left = Math.max(0, messages - index); // none if it was slowed down too late
        long warmup = Math.min(left, Math.max(0, course.firstMeasured() - index));
        cancel(Phase.WARMUP, warmup);
        cancel(Phase.MEASURED, left - warmup);
    }

    private void cancel(Phase phase, long amount) {
        Counts counts = books.book(0, phase).counts();
        counts.add(Count.SCHEDULED, amount);
        counts.add(Count.CANCELLED, amount);
    }
}

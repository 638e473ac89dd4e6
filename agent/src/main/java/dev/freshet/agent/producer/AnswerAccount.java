package dev.freshet.agent.producer;

import dev.freshet.agent.run.IntervalBooks;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.MeasurementCsv;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.FourTimestamps;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.wire.Response;

/**
 * Keeps account of the answers to one producer's messages: matches each with its message, times it, and writes its row if it
 * gets one.
 *
 * <p>Owned by the answering thread.
 */
final class AnswerAccount {
    private final Shard.Producing shard;
    private final byte[] idPrefix;
    private final InFlightTable inFlight;
    private final MeasurementFile file;
    private final IntervalBooks books;
    private final Course course;
    private final long t0Nanos;
    private final Response response = new Response();
    private long answered;

    /** @param t0Nanos when the schedule began, nanoseconds since the epoch */
    AnswerAccount(
            Shard.Producing shard,
            byte[] idPrefix,
            InFlightTable inFlight,
            MeasurementFile file,
            IntervalBooks books,
            Course course,
            long t0Nanos) {
        this.shard = shard;
        this.idPrefix = idPrefix;
        this.inFlight = inFlight;
        this.file = file;
        this.books = books;
        this.course = course;
        this.t0Nanos = t0Nanos;
    }

    /** How many messages have been answered, of both phases. */
    long answered() {
        return answered;
    }

    /**
     * Takes the body of one answer.
     *
     * @param t4Micros when it was received, microseconds since the epoch
     */
    void take(byte[] body, int length, long t4Micros) {
        if (!response.parse(body, 0, length)) {
            takeStray(Count.MALFORMED_ANSWERS, t4Micros);
            return;
        }
        long seq = response.idNumber(idPrefix);
        if (seq < 0) {
            takeStray(Count.FOREIGN_ANSWERS, t4Micros);
        } else if (seq != response.seq()) {
            takeStray(Count.MALFORMED_ANSWERS, t4Micros);
        } else {
            takeOwn(seq, t4Micros);
        }
    }

    /** Counts an answer that belongs to no message of ours, in the phase that it arrived in; what is early belongs to interval 0. */
    void takeStray(Count count, long t4Micros) {
        long warmupNanos = shard.timing().warmupNanos();
        boolean warmup = warmupNanos > 0 && t4Micros * 1000 - t0Nanos < warmupNanos;
        books.book(0, warmup ? Phase.WARMUP : Phase.MEASURED).counts().increment(count);
    }

    private void takeOwn(long seq, long t4Micros) {
        boolean measured = seq >= course.firstMeasured();
        Book book = books.book(0, measured ? Phase.MEASURED : Phase.WARMUP);
        Counts counts = book.counts();
        switch (inFlight.answer(seq)) {
            case MATCHED -> {
                answered++;
                counts.increment(Count.ANSWERED);
                counts.increment(Count.MEASURED);
                time(book, seq, inFlight.matchedT1Micros(), t4Micros, measured);
            }
            case LATE -> {
                answered++;
                counts.increment(Count.ANSWERED);
                counts.increment(Count.LATE);
            }
            case DUPLICATE -> counts.increment(Count.DUPLICATE_ANSWERS);
            case UNKNOWN -> counts.increment(Count.FOREIGN_ANSWERS);
        }
    }

    private void time(Book book, long seq, long t1, long t4, boolean written) {
        long t2 = response.t2Micros();
        long t3 = response.t3Micros();
        Timetable timetable = course.timetable();
        long intendedMicros = timetable == null ? MeasurementCsv.NO_TIME : (t0Nanos + timetable.nanosAt(seq)) / 1000;
        long total = t4 - t1;
        long processing = t3 - t2;
        long twiceNetwork = FourTimestamps.twiceNetworkDelay(t1, t2, t3, t4);
        boolean possible = total >= 0 && processing >= 0 && twiceNetwork >= 0;
        possible &= book.histogram(Metric.TOTAL).record(total);
        possible &= book.histogram(Metric.PROCESSING).record(processing);
        possible &= book.histogram(Metric.NETWORK).record(FourTimestamps.half(twiceNetwork));
        possible &= book.histogram(Metric.CLOCK_OFFSET)
                .record(FourTimestamps.half(FourTimestamps.twiceClockOffset(t1, t2, t3, t4)));
        if (timetable != null) {
            possible &= book.histogram(Metric.RESPONSE_TIME).record(t4 - intendedMicros);
        }
        if (!possible) {
            book.counts().increment(Count.IMPOSSIBLE); // the answer, once, however many of its figures are
        }
        if (written && shard.measure().takes(seq)) {
            book.counts().increment(Count.ROWS);
            file.append(seq, idPrefix, t1, t2, t3, t4, shard.sizes().sizeBytesAt(seq), intendedMicros);
        }
    }
}

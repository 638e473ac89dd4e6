package dev.freshet.agent.producer;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * When each message that is on its way was sent, for as many messages as the table has places. A message enters before it is offered and leaves
 * with its answer; if none comes in time, a later message takes its place, and an answer that comes after that is late. Every first answer to a
 * message is therefore matched or late, and never both.
 *
 * <p>Put by the publishing thread only, taken by the answering thread only, without a lock: a place belongs to whoever swaps its number.
 */
final class InFlightTable {
    /** What an answer turned out to be. */
    enum Outcome {
        /** The first answer, in time. */
        MATCHED,
        /** The first answer, after the message's place had been taken. */
        LATE,
        /** There was an answer to this message before. */
        DUPLICATE,
        /** Never sent, or so long ago that this cannot be known. */
        UNKNOWN
    }

    /** Returned by {@link #put} when nothing was overwritten. */
    static final long NONE = -1;

    private static final int CAPACITY = 1 << 18;
    private static final int WINDOW = 1 << 23;

    /** A place holds a message's number + 1, so that zero is an empty one. */
    private static final long EMPTY = 0;

    /** A place that is being written. */
    private static final long BUSY = -1;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle PUT;

    static {
        try {
            PUT = MethodHandles.lookup().findVarHandle(InFlightTable.class, "put", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] places;
    private final long[] stamps;
    private final int mask;
    private final SeqWindow skipped; // marked by the publishing thread
    private final SeqWindow answered; // marked by the answering thread

    @SuppressWarnings("unused") // through PUT: how many numbers have been put
    private long put;

    private long matchedT1Micros; // of the answering thread

    /**
     * @param capacity places, a power of two
     * @param window for how many numbers back it is known which were answered, a power of two from 64
     */
    InFlightTable(int capacity, int window) {
        if (Integer.bitCount(capacity) != 1) {
            throw new IllegalArgumentException("capacity " + capacity);
        }
        places = new long[capacity];
        stamps = new long[capacity];
        mask = capacity - 1;
        skipped = new SeqWindow(window);
        answered = new SeqWindow(window);
    }

    /** A table of some 7 MiB, large enough for what may be on its way at any rate, as the rate of a run may be changed to any other. */
    static InFlightTable forAnyRate() {
        return new InFlightTable(CAPACITY, WINDOW);
    }

    /**
     * Enters a message, in the order of their numbers, before it is offered.
     *
     * @return the number of the unanswered message whose place this one took, or {@link #NONE}
     */
    long put(long seq, long t1Micros) {
        int place = (int) seq & mask;
        long before = (long) LONGS.getAndSet(places, place, BUSY);
        LONGS.setRelease(stamps, place, t1Micros);
        LONGS.setRelease(places, place, seq + 1);
        PUT.setRelease(this, seq + 1);
        return before == EMPTY ? NONE : before - 1;
    }

    /** Gives a message that was put, but not accepted yet, another stamp. */
    void restamp(long seq, long t1Micros) {
        int place = (int) seq & mask;
        LONGS.setVolatile(places, place, BUSY);
        LONGS.setRelease(stamps, place, t1Micros);
        LONGS.setRelease(places, place, seq + 1);
    }

    /** Takes back a message that was put and will not be sent. */
    void skip(long seq) {
        skipped.mark(seq);
        LONGS.compareAndSet(places, (int) seq & mask, seq + 1, EMPTY);
    }

    /** Takes an answer; if it is matched, {@link #matchedT1Micros} has its message's stamp. */
    Outcome answer(long seq) {
        if (seq < 0 || seq >= (long) PUT.getAcquire(this)) {
            return Outcome.UNKNOWN;
        }
        int place = (int) seq & mask;
        if ((long) LONGS.getAcquire(places, place) == seq + 1) {
            long t1Micros = (long) LONGS.getAcquire(stamps, place);
            if (LONGS.compareAndSet(
                    places, place, seq + 1, EMPTY)) { // else it was overwritten while the stamp was read
                matchedT1Micros = t1Micros;
                answered.mark(seq);
                return Outcome.MATCHED;
            }
        }
        if (answered.isTooOld(seq) || skipped.isMarked(seq)) {
            return Outcome.UNKNOWN;
        }
        if (answered.isMarked(seq)) {
            return Outcome.DUPLICATE;
        }
        answered.mark(seq);
        return Outcome.LATE;
    }

    /** The stamp of the message matched last. */
    long matchedT1Micros() {
        return matchedT1Micros;
    }
}

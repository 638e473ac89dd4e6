package dev.freshet.agent.consumer;

/**
 * Tells new, missing, late and repeated messages of one stream apart: the messages of one producer on one channel, whose sequence numbers are
 * {@code channel}, {@code channel + channels}, {@code channel + 2 * channels} and so on. Nothing is expected of their arrival.
 *
 * <p>Exact for messages that are less than {@link #WINDOW} messages behind the newest one. One further behind can be a late first copy or a
 * repetition; it is called a repetition, so that nothing is ever received twice, and what it may have filled stays missing.
 *
 * <p>Not thread-safe: owned by the thread that receives. Allocates nothing after its construction.
 */
final class StreamTracker {
    /** How many messages behind the newest one are remembered. */
    static final int WINDOW = 1 << 16;

    /** What a message is to its stream. */
    enum Arrival {
        /** The one that was expected. */
        NEXT,
        /** New, but others were jumped over: see {@link #gapLength}. */
        AFTER_GAP,
        /** One that had been jumped over. */
        LATE,
        /** One that was there before. */
        DUPLICATE,
        /** Its number belongs to another channel. */
        FOREIGN
    }

    private final int channel;
    private final int channels;
    private final long[] seen = new long[WINDOW / Long.SIZE];
    private long next; // the place in the stream that is expected: one above the highest seen
    private long gapFrom;
    private long gapLength;

    StreamTracker(int channel, int channels) {
        this.channel = channel;
        this.channels = channels;
    }

    /** Takes note of a message and says what it is. */
    Arrival arrived(long seq) {
        long place = (seq - channel) / channels;
        if (seq < channel || place * channels + channel != seq) {
            return Arrival.FOREIGN;
        }
        if (place < next) {
            return behind(place);
        }
        gapFrom = next;
        gapLength = place - next;
        if (gapLength > 0) {
            forget(next, Math.min(gapLength, WINDOW));
        }
        mark(place);
        next = place + 1;
        return gapLength == 0 ? Arrival.NEXT : Arrival.AFTER_GAP;
    }

    private Arrival behind(long place) {
        if (place < next - WINDOW || isMarked(place)) {
            return Arrival.DUPLICATE;
        }
        mark(place);
        return Arrival.LATE;
    }

    private void forget(long from, long count) {
        for (long place = from; place < from + count; place++) {
            seen[word(place)] &= ~(1L << place);
        }
    }

    private void mark(long place) {
        seen[word(place)] |= 1L << place; // a shift takes its distance modulo 64
    }

    private boolean isMarked(long place) {
        return (seen[word(place)] & 1L << place) != 0;
    }

    private static int word(long place) {
        return (int) (place & WINDOW - 1) / Long.SIZE;
    }

    /** How many messages the last arrival jumped over. */
    long gapLength() {
        return gapLength;
    }

    /** How many of those that the last arrival jumped over have a number below {@code seq}. */
    long gapLengthBelow(long seq) {
        long placesBelow = seq <= channel ? 0 : (seq - channel - 1) / channels + 1;
        return Math.max(0, Math.min(placesBelow - gapFrom, gapLength));
    }
}

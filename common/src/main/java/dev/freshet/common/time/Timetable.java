package dev.freshet.common.time;

import dev.freshet.common.units.Rate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * When each message of a shard is intended to be sent, where the rate changes on the way: pieces, each an exact {@link Schedule} from a moment
 * of its own on. Numbers go on across a change; nothing is carried over but the number, so nothing accumulates, however many changes there are.
 *
 * <p>Immutable: a change makes another one.
 */
public final class Timetable {
    private final Piece[] pieces;

    /**
     * A schedule from a moment on.
     *
     * @param fromIndex its first message: the first one that the pieces before do not have before that moment
     * @param fromNanos the moment, nanoseconds after T0
     * @param schedule as if that moment were T0, and that message number 0
     */
    public record Piece(long fromIndex, long fromNanos, Schedule schedule) {
        public Piece {
            if (fromIndex < 0 || fromNanos < 0) {
                throw new IllegalArgumentException("fromIndex " + fromIndex + ", fromNanos " + fromNanos);
            }
        }

        /** Messages per second of this shard, from the moment on. */
        public Rate rate() {
            return schedule.rate();
        }
    }

    private Timetable(Piece... pieces) {
        this.pieces = pieces;
    }

    /** Without a change so far. */
    public static Timetable of(Schedule schedule) {
        return new Timetable(new Piece(0, 0, schedule));
    }

    /**
     * The same up to a moment, and another schedule from it on; what had been said of later moments is forgotten.
     *
     * @param nanos the moment, after T0
     */
    public Timetable changed(long nanos, Schedule schedule) {
        Timetable before = until(nanos);
        return before.and(new Piece(before.firstIndexAtOrAfter(nanos), nanos, schedule));
    }

    /**
     * As {@link #changed}, with a piece that somebody else has reckoned.
     *
     * @throws IllegalArgumentException if the piece does not go on where this one's messages before it end: then one of the two has missed a
     *     change
     */
    public Timetable with(Piece piece) {
        Timetable changed = changed(piece.fromNanos, piece.schedule);
        long own = changed.last().fromIndex;
        if (own != piece.fromIndex) {
            throw new IllegalArgumentException("from " + piece.fromNanos + " ns on, message " + piece.fromIndex
                    + " is to be the first of another rate, but here that is message " + own + ": a change was missed");
        }
        return changed;
    }

    /** The first piece stays, unless the moment is T0. */
    private Timetable until(long nanos) {
        List<Piece> kept = new ArrayList<>();
        for (Piece piece : pieces) {
            if (piece.fromNanos < nanos) {
                kept.add(piece);
            }
        }
        return new Timetable(kept.toArray(Piece[]::new));
    }

    private Timetable and(Piece piece) {
        Piece[] more = Arrays.copyOf(pieces, pieces.length + 1);
        more[pieces.length] = piece;
        return new Timetable(more);
    }

    /**
     * The intended time of message {@code index}, in nanoseconds after T0, rounded down. Costs nothing to speak of for the latest pieces, which
     * are those that are asked for.
     */
    public long nanosAt(long index) {
        int at = pieces.length - 1;
        while (at > 0 && index < pieces[at].fromIndex) {
            at--;
        }
        Piece piece = pieces[at];
        return piece.fromNanos + piece.schedule.nanosAt(index - piece.fromIndex);
    }

    /** The smallest index whose intended time is at or after {@code nanos}; so many messages are intended before that time. */
    public long firstIndexAtOrAfter(long nanos) {
        int at = pieces.length - 1;
        while (at >= 0 && nanos <= pieces[at].fromNanos) {
            at--;
        }
        return at < 0
                ? 0
                : pieces[at].fromIndex + pieces[at].schedule.firstIndexAtOrAfter(nanos - pieces[at].fromNanos);
    }

    /** In the order of time, at least one; the first begins at T0. */
    public List<Piece> pieces() {
        return List.of(pieces);
    }

    /** What was said last. */
    public Piece last() {
        return pieces[pieces.length - 1];
    }
}

package dev.freshet.common.time;

import java.time.Instant;

/**
 * The time of a run: nanoseconds since the Unix epoch, monotonic. {@link System#nanoTime} is anchored to the wall clock once, from the
 * narrowest of many readings; after that a wall clock that is stepped or slewed moves nothing, and how far it has gone since can be asked.
 */
public final class EpochClock {
    private static final int READINGS = 200;

    private final long epochMinusNanoTime;
    private final long anchorErrorNanos;

    private EpochClock(long epochMinusNanoTime, long anchorErrorNanos) {
        this.epochMinusNanoTime = epochMinusNanoTime;
        this.anchorErrorNanos = anchorErrorNanos;
    }

    /** Anchors now: of 200 readings of the wall clock between two of the monotonic one, the narrowest counts. */
    public static EpochClock anchored() {
        long narrowest = Long.MAX_VALUE;
        long difference = 0;
        for (int i = 0; i < READINGS; i++) {
            long before = System.nanoTime();
            long wall = wallNanos();
            long after = System.nanoTime();
            if (after - before < narrowest) {
                narrowest = after - before;
                difference = wall - (before + (after - before) / 2);
            }
        }
        return new EpochClock(difference, narrowest / 2 + 1);
    }

    /** Nanoseconds since the Unix epoch. */
    public long epochNanos() {
        return System.nanoTime() + epochMinusNanoTime;
    }

    /** Microseconds since the Unix epoch, as the timestamps on the wire have them. */
    public long epochMicros() {
        return epochNanos() / 1000;
    }

    /** How far the anchor may be from the wall clock at the moment it was taken, in nanoseconds. */
    public long anchorErrorNanos() {
        return anchorErrorNanos;
    }

    /** How far the wall clock has moved away since the anchor, in nanoseconds; a step or a slew shows here. */
    public long wallMinusAnchoredNanos() {
        return wallNanos() - epochNanos();
    }

    private static long wallNanos() {
        Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000_000L + now.getNano();
    }
}

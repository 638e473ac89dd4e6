package dev.freshet.common.plan;

import dev.freshet.common.time.Schedule;
import dev.freshet.common.time.Timetable;

/**
 * The phases of a run, counted from T0.
 *
 * @param warmupNanos whole seconds, so that every interval lies in one phase; may be 0
 * @param measuredNanos what counts in the results
 * @param drainNanos the longest wait for answers still on their way
 */
public record Timing(long warmupNanos, long measuredNanos, long drainNanos) {
    /** The length of an interval. */
    public static final long INTERVAL_NANOS = 1_000_000_000L;

    /** When the last message is due, from T0. */
    public long sendingNanos() {
        return warmupNanos + measuredNanos;
    }

    /**
     * The first t1 of the measured phase, in microseconds since the epoch: where messages have no intended times it is their t1 that decides.
     *
     * @param t0Nanos on the clock of the producer that stamps t1, nanoseconds since the epoch
     */
    public long measuredFromMicros(long t0Nanos) {
        return Math.floorDiv(t0Nanos + warmupNanos, 1000);
    }

    /** How many messages a schedule has in this run. */
    public long messages(Schedule schedule) {
        return schedule.firstIndexAtOrAfter(sendingNanos());
    }

    /** How many messages a timetable has in this run. */
    public long messages(Timetable timetable) {
        return timetable.firstIndexAtOrAfter(sendingNanos());
    }

    /** The index of the first measured message: what is intended before belongs to the warm-up. */
    public long firstMeasured(Schedule schedule) {
        return schedule.firstIndexAtOrAfter(warmupNanos);
    }

    /** The phase that an interval lies in; answers of the warm-up may still arrive after it, under their own label. */
    public Phase phaseOf(int interval) {
        return interval * INTERVAL_NANOS < warmupNanos ? Phase.WARMUP : Phase.MEASURED;
    }
}

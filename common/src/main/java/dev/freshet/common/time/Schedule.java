package dev.freshet.common.time;

import dev.freshet.common.units.Rate;

/**
 * When each message of a shard is intended to be sent: a pure function from a message's index to nanoseconds after T0.
 *
 * <p>Time is counted in ticks of an exact rational rate; message {@code n} falls on tick {@code firstTick + n * ticksPerMessage}. With
 * staggered phases N agents of equal share take every N-th tick of one common clock, so together they fall exactly where a single source of
 * the whole rate would have sent. Each time is computed from the index, never by adding a rounded interval: nothing accumulates, and
 * nothing overflows before the result itself does, after 292 years.
 *
 * @param tickRate ticks per second
 * @param firstTick the tick of message 0, from 0
 * @param ticksPerMessage ticks between two messages, from 1
 */
public record Schedule(Rate tickRate, long firstTick, long ticksPerMessage) {
    private static final long NANOS = 1_000_000_000L;

    public Schedule {
        if (firstTick < 0 || ticksPerMessage < 1) {
            throw new IllegalArgumentException("firstTick " + firstTick + ", ticksPerMessage " + ticksPerMessage);
        }
    }

    /** One message per period, the first at T0. */
    public static Schedule of(Rate rate) {
        return new Schedule(rate, 0, 1);
    }

    /** The intended time of message {@code index}, in nanoseconds after T0, rounded down. */
    public long nanosAt(long index) {
        long tick = firstTick + index * ticksPerMessage;
        long numerator = tickRate.numerator();
        long nanosPerCycle = tickRate.denominator() * NANOS; // one cycle: `numerator` ticks in `denominator` seconds
        long cycles = tick / numerator;
        long rest = tick % numerator;
        // rest * nanosPerCycle / numerator without a product above 2^63: split nanosPerCycle by numerator; rest <
        // numerator < 2^31
        long whole = nanosPerCycle / numerator;
        long part = nanosPerCycle % numerator;
        return cycles * nanosPerCycle + rest * whole + rest * part / numerator;
    }

    /** The smallest index whose intended time is at or after {@code nanos}; so many messages are intended before that time. */
    public long firstIndexAtOrAfter(long nanos) {
        long low = 0;
        long high = 1;
        while (nanosAt(high) < nanos) {
            high *= 2;
        }
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (nanosAt(middle) < nanos) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Messages per second of this shard. */
    public Rate rate() {
        return tickRate.times(1, ticksPerMessage);
    }
}

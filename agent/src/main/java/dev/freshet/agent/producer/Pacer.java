package dev.freshet.agent.producer;

import dev.freshet.common.plan.Waiting;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Waits for a moment, as the plan wants it: asleep, asleep and then spinning for the last 60 microseconds, as a parked thread wakes up to that
 * late with the least {@link TimerSlack}, or spinning all the time. Long waits come in slices, so that whoever waits can look after other things.
 *
 * <p>Owned by one thread. Clock and parking are parameters.
 */
final class Pacer {
    /** How long before the moment parking ends, unless it is slept until then. */
    static final long SPIN_NANOS = 60_000;

    /** No wait is longer. */
    static final long SLICE_NANOS = 20_000_000;

    private final Waiting waiting;
    private final LongSupplier clockNanos;
    private final LongConsumer parkNanos;

    /** @param clockNanos nanoseconds since the epoch */
    Pacer(Waiting waiting, LongSupplier clockNanos) {
        this(waiting, clockNanos, LockSupport::parkNanos);
    }

    /** @param parkNanos sleeps for about so many nanoseconds, may return early or late */
    Pacer(Waiting waiting, LongSupplier clockNanos, LongConsumer parkNanos) {
        this.waiting = waiting;
        this.clockNanos = clockNanos;
        this.parkNanos = parkNanos;
    }

    long now() {
        return clockNanos.getAsLong();
    }

    /**
     * Waits towards a moment, for a slice at most, and not past {@code wakeNanos}.
     *
     * @param wakeNanos when the caller has other business, to be met within the accuracy of parking
     * @return the time now; the moment has come if it is not before {@code targetNanos}
     */
    long towards(long targetNanos, long wakeNanos) {
        long now = now();
        long remaining = targetNanos - now;
        if (remaining <= 0) {
            return now;
        }
        long spun = spunNanos(remaining);
        if (remaining <= spun) {
            return spinUntil(Math.min(Math.min(targetNanos, now + SLICE_NANOS), wakeNanos));
        }
        parkNanos.accept(Math.max(1, Math.min(Math.min(remaining - spun, SLICE_NANOS), wakeNanos - now)));
        return now();
    }

    /** How much of the rest is not slept. */
    private long spunNanos(long remainingNanos) {
        return switch (waiting) {
            case SLEEP -> 0;
            case HYBRID -> SPIN_NANOS;
            case SPIN -> remainingNanos;
        };
    }

    private long spinUntil(long targetNanos) {
        long now = now();
        while (now < targetNanos) {
            Thread.onSpinWait();
            now = now();
        }
        return now;
    }

    /** Waits for about so long, and returns the time after. */
    long rest(long nanos) {
        if (waiting == Waiting.SPIN) {
            return spinUntil(now() + nanos);
        }
        parkNanos.accept(nanos);
        return now();
    }

    /** Lets others have the processor who wait for it, and returns the time after. */
    long giveWay() {
        Thread.yield();
        return now();
    }
}

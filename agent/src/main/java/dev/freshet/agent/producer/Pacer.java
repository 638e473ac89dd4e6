package dev.freshet.agent.producer;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Waits for a moment: parked while it is far, spinning for the last 100 microseconds, as a parked thread wakes about that late. Long waits come
 * in slices, so that whoever waits can look after other things.
 *
 * <p>Owned by one thread. Clock and parking are parameters.
 */
final class Pacer {
    /** How long before the moment parking ends. */
    static final long SPIN_NANOS = 100_000;

    /** No wait is longer. */
    static final long SLICE_NANOS = 20_000_000;

    private final LongSupplier clockNanos;
    private final LongConsumer parkNanos;

    /** @param clockNanos nanoseconds since the epoch */
    Pacer(LongSupplier clockNanos) {
        this(clockNanos, LockSupport::parkNanos);
    }

    /** @param parkNanos sleeps for about so many nanoseconds, may return early or late */
    Pacer(LongSupplier clockNanos, LongConsumer parkNanos) {
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
        if (remaining <= SPIN_NANOS) {
            return spinUntil(targetNanos);
        }
        long untilSpinning = remaining - SPIN_NANOS;
        parkNanos.accept(Math.max(1, Math.min(Math.min(untilSpinning, SLICE_NANOS), wakeNanos - now)));
        return now();
    }

    private long spinUntil(long targetNanos) {
        long now = now();
        while (now < targetNanos) {
            Thread.onSpinWait();
            now = now();
        }
        return now;
    }

    /** Sleeps for about so long, and returns the time after. */
    long rest(long nanos) {
        parkNanos.accept(nanos);
        return now();
    }
}

package dev.freshet.deploy.doctor.check;

import dev.freshet.common.units.Durations;
import dev.freshet.deploy.doctor.host.Host;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How late a thread wakes that sleeps for a millisecond, measured now, and with the system's timer slack (50 microseconds on Linux). Producers ask
 * for the least, wake 60 microseconds early and spin.
 */
public final class TimingCheck implements Check {
    private static final long SLEEP_NANOS = 1_000_000;
    private static final int WARM_UP = 20;
    private static final int SAMPLES = 120;
    private static final int FEWEST = 10;
    private static final long LIMIT_NANOS = 400_000_000;

    private static final double PASSABLE_MEDIAN_MICROS = 200;
    private static final double LATE_MEDIAN_MICROS = 1_000;
    private static final double UNSTEADY_P99_MICROS = 1_000;
    private static final double LATE_P99_MICROS = 5_000;

    private final LongSupplier nanoTime;
    private final LongConsumer sleep;

    public TimingCheck() {
        this(System::nanoTime, LockSupport::parkNanos);
    }

    /** @param sleep for so many nanoseconds */
    TimingCheck(LongSupplier nanoTime, LongConsumer sleep) {
        this.nanoTime = nanoTime;
        this.sleep = sleep;
    }

    @Override
    public String name() {
        return "timing";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        double[] late = measure();
        double median = late[late.length / 2];
        double p99 = late[(int) Math.ceil(late.length * 0.99) - 1];
        String text = "a sleep of 1 ms ends " + Durations.humanMicros(median) + " late at the median, "
                + Durations.humanMicros(p99) + " at p99";
        String[] remedy = {
            "sudo tuned-adm profile latency-performance   # no deep sleep states", "top   # is somebody else busy?"
        };
        if (median > LATE_MEDIAN_MICROS || p99 > LATE_P99_MICROS) {
            return List.of(Finding.warning(name(), text + ": producers will be late", remedy));
        }
        return List.of(
                median > PASSABLE_MEDIAN_MICROS || p99 > UNSTEADY_P99_MICROS
                        ? Finding.note(name(), text, remedy)
                        : Finding.ok(name(), text));
    }

    /** Microseconds, in order; fewer samples where each takes long. */
    private double[] measure() {
        double[] late = new double[SAMPLES];
        int taken = 0;
        long begun = nanoTime.getAsLong();
        for (int i = 0; i < WARM_UP + SAMPLES; i++) {
            long before = nanoTime.getAsLong();
            sleep.accept(SLEEP_NANOS);
            long after = nanoTime.getAsLong();
            if (i >= WARM_UP) {
                late[taken++] = (after - before - SLEEP_NANOS) / 1e3;
            }
            if (after - begun > LIMIT_NANOS && taken >= FEWEST) {
                break;
            }
        }
        double[] sorted = Arrays.copyOf(late, taken);
        Arrays.sort(sorted);
        return sorted;
    }
}

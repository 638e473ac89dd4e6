package dev.freshet.deploy.doctor.check;

import dev.freshet.common.control.ToCoordinator.Interface;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.units.Rate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What is to be measured on a host. Rate, sizes and duration are those of this host alone; they make checks sharper, and each is null if it is
 * not known.
 *
 * @param network the interface that messages go by
 * @param ports which must be free on its address
 * @param recordings where agents write while they measure
 * @param results where a coordinator leaves its results
 */
public record Intent(
        Interface network,
        List<Integer> ports,
        Path recordings,
        Path results,
        Rate rate,
        SizeMix sizes,
        Duration duration) {
    /** A row of measurements.csv. */
    private static final double ROW_BYTES = 130;

    private static final double NANOS_PER_SECOND = 1e9;

    /** What messages alone need of the link; null if not known. */
    Double bitsPerSecond() {
        return rate == null || sizes == null ? null : rate.hertz() * sizes.meanSizeBytes() * Byte.SIZE;
    }

    /** What the measurements will take on a disk; null if not known. */
    Double measurementBytes() {
        return rate == null || duration == null
                ? null
                : rate.hertz() * (duration.toNanos() / NANOS_PER_SECOND) * ROW_BYTES;
    }
}

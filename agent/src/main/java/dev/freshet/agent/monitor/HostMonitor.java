package dev.freshet.agent.monitor;

import com.sun.management.OperatingSystemMXBean;
import dev.freshet.common.control.ToCoordinator.HostSample;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process costs its host, from one sample to the next.
 *
 * <p>Not thread-safe: owned by the thread that samples.
 */
public final class HostMonitor {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Pattern RESIDENT = Pattern.compile("^VmRSS:\\s*(\\d+) kB$", Pattern.MULTILINE);
    private static final long MIN_ELAPSED_NANOS = 100_000_000L;

    private final LongSupplier nanoTime;
    private final LongSupplier cpuNanos;
    private final List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    private final Path status;
    private long lastNanos;
    private long lastCpuNanos;
    private long lastGcMillis;
    private HostSample last;

    /** Begins to measure. */
    public HostMonitor() {
        this(
                System::nanoTime,
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class)::getProcessCpuTime,
                STATUS);
    }

    HostMonitor(LongSupplier nanoTime, LongSupplier cpuNanos, Path status) {
        this.nanoTime = nanoTime;
        this.cpuNanos = cpuNanos;
        this.status = status;
        since(nanoTime.getAsLong());
    }

    /**
     * What has been used since the last sample, or since the beginning. Samples that come in a bunch, as when a process goes on that had been
     * halted, have nothing to measure between them: the last one is told again.
     */
    public HostSample sample() {
        long now = nanoTime.getAsLong();
        if (last != null && now - lastNanos < MIN_ELAPSED_NANOS) {
            return last;
        }
        last = since(now);
        return last;
    }

    private HostSample since(long now) {
        long cpu = cpuNanos.getAsLong();
        long gc = collectors.stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionTime)
                .sum();
        long elapsed = now - lastNanos;
        double share = elapsed > 0 ? (double) (cpu - lastCpuNanos) / elapsed : 0;
        HostSample sample = new HostSample(share, gc - lastGcMillis, residentBytes());
        lastNanos = now;
        lastCpuNanos = cpu;
        lastGcMillis = gc;
        return sample;
    }

    /** From the line that states kilobytes: the other place, {@code statm}, counts pages, whose size the JVM does not tell. */
    private Long residentBytes() {
        try {
            Matcher resident = RESIDENT.matcher(Files.readString(status, StandardCharsets.US_ASCII));
            return resident.find() ? Long.parseLong(resident.group(1)) * 1024 : null;
        } catch (IOException e) {
            return null; // not Linux
        }
    }
}

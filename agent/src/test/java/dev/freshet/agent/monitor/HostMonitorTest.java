package dev.freshet.agent.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ToCoordinator.HostSample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMonitorTest {
    @TempDir
    Path folder;

    private final AtomicLong time = new AtomicLong(1000);
    private final AtomicLong cpu = new AtomicLong(500);

    @Test
    void the_share_is_processor_time_by_time_since_the_last_sample() throws Exception {
        Path status = folder.resolve("status");
        Files.writeString(status, "Name:\tjava\nVmRSS:\t   12345 kB\nThreads:\t9\n");
        HostMonitor monitor = new HostMonitor(time::get, cpu::get, status);
        time.addAndGet(1_000_000_000L);
        cpu.addAndGet(1_500_000_000L);
        HostSample first = monitor.sample();
        assertThat(first.cpuShare()).isEqualTo(1.5);
        assertThat(first.residentBytes()).isEqualTo(12_345L * 1024);
        time.addAndGet(1_000_000_000L);
        assertThat(monitor.sample().cpuShare()).isZero();
    }

    @Test
    void samples_that_come_in_a_bunch_repeat_the_last_one() {
        HostMonitor monitor = new HostMonitor(time::get, cpu::get, folder.resolve("none"));
        time.addAndGet(1_000_000_000L);
        cpu.addAndGet(500_000_000L);
        HostSample first = monitor.sample();
        time.addAndGet(50_000);
        cpu.addAndGet(50_000);
        assertThat(monitor.sample()).isEqualTo(first);
        time.addAndGet(999_950_000L);
        assertThat(monitor.sample().cpuShare()).isEqualTo(50_000 / 1e9);
    }

    @Test
    void what_the_system_does_not_tell_is_null() {
        assertThat(new HostMonitor(time::get, cpu::get, folder.resolve("none"))
                        .sample()
                        .residentBytes())
                .isNull();
    }

    @Test
    void this_process_is_resident_and_collects_garbage_that_is_counted() {
        HostMonitor monitor = new HostMonitor();
        System.gc();
        HostSample sample = monitor.sample();
        assertThat(sample.gcMillis()).isGreaterThanOrEqualTo(0);
        assertThat(sample.cpuShare()).isGreaterThan(0);
        if (Files.exists(Path.of("/proc/self/status"))) {
            assertThat(sample.residentBytes()).isGreaterThan(1 << 20);
        }
    }
}

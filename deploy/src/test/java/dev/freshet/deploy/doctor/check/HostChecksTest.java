package dev.freshet.deploy.doctor.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.deploy.doctor.host.FakeHost;
import dev.freshet.deploy.doctor.host.JavaFacts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks on what a host is: processors, memory, disk, clock, Java. */
class HostChecksTest {
    private static final List<Check> FILE_CHECKS = List.of(
            new LoadCheck(),
            new GovernorCheck(),
            new ClockCheck(),
            new ClocksourceCheck(),
            new SocketBufferCheck(),
            new DescriptorCheck(),
            new LinkCheck(),
            new RateLimitCheck(),
            new SubnetCheck(),
            new MemoryCheck(),
            new ContainerCheck());

    @TempDir
    private Path root;

    private Finding only(Check check, FakeHost host) {
        List<Finding> findings = check.examine(host.host(), FakeHost.intent());
        assertThat(findings).hasSize(1);
        assertThat(findings.get(0).check()).isEqualTo(check.name());
        return findings.get(0);
    }

    @Test
    void a_good_host_has_nothing_to_mend() {
        FakeHost host = FakeHost.good(root);
        for (Check check : FILE_CHECKS) {
            Finding finding = only(check, host);
            assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.OK);
            assertThat(finding.remedy()).isEmpty();
        }
        assertThat(only(new JavaCheck(), host).level()).isEqualTo(Level.OK);
    }

    @Test
    void a_host_that_tells_nothing_is_unknown_and_each_finding_says_why() {
        FakeHost host = FakeHost.empty(root);
        for (Check check : FILE_CHECKS) {
            assertThat(check.examine(host.host(), FakeHost.intent()))
                    .isNotEmpty()
                    .allSatisfy(finding -> {
                        assertThat(finding.level()).as(finding.toString()).isEqualTo(Level.UNKNOWN);
                        assertThat(finding.text()).containsAnyOf("there is no /", "is not installed");
                    });
        }
    }

    @Test
    void a_governor_that_saves_power_is_mended_by_cpupower() {
        FakeHost host = FakeHost.good(root).file("sys/devices/system/cpu/cpu2/cpufreq/scaling_governor", "powersave\n");
        Finding finding = only(new GovernorCheck(), host);
        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.text()).contains("performance on 3, powersave on 1 of 4");
        assertThat(finding.remedy()).contains("sudo cpupower frequency-set -g performance");
    }

    @Test
    void processors_that_others_use_or_that_were_stolen_are_told() {
        FakeHost host = FakeHost.good(root).file("proc/loadavg", "2.00 0.20 0.10 1/200 4711\n");
        assertThat(only(new LoadCheck(), host).text()).contains("load 2.00", "4 processors", "somebody else");
        host.file("proc/loadavg", "0.00 0 0 1/1 1\n")
                .file("proc/stat", "cpu  900 0 100 8500 0 0 0 500 0 0\ncpu0 1\ncpu1 1\n");
        assertThat(new LoadCheck().examine(host.host(), FakeHost.intent()))
                .extracting(Finding::level)
                .containsExactly(Level.OK, Level.NOTE);
        assertThat(new LoadCheck()
                        .examine(host.host(), FakeHost.intent())
                        .get(1)
                        .text())
                .contains("took 5.0 %");
    }

    @Test
    void a_clock_is_asked_of_chrony_then_systemd_then_ntpd() {
        FakeHost host = FakeHost.good(root);
        assertThat(only(new ClockCheck(), host).text()).isEqualTo("kept by chrony, 12 us off");
        host.answer("chronyc", "7F7F0101,,0,0.0,0.000,0,0,1,0,0,0,0,64,Not synchronised\n");
        assertThat(only(new ClockCheck(), host).level()).isEqualTo(Level.WARNING);
        host.answer("chronyc", "C0A80001,192.168.0.1,3,1763917262.1,0.250,0,0,1,0,0,0,0,64,Normal\n");
        assertThat(only(new ClockCheck(), host).text()).contains("250 ms off", "while you measure");
    }

    @Test
    void a_clock_without_chrony_is_told_by_the_others() {
        FakeHost systemd = FakeHost.empty(root).answer("timedatectl", "yes\n");
        assertThat(only(new ClockCheck(), systemd).level()).isEqualTo(Level.OK);
        systemd.answer("timedatectl", "no\n");
        assertThat(only(new ClockCheck(), systemd).remedy()).contains("sudo timedatectl set-ntp true");
        FakeHost ntpd = FakeHost.empty(root).answer("ntpq", "leap=11, offset=0.000\n");
        assertThat(only(new ClockCheck(), ntpd).level()).isEqualTo(Level.WARNING);
        ntpd.answer("ntpq", "leap=00, offset=0.012\n");
        assertThat(only(new ClockCheck(), ntpd).level()).isEqualTo(Level.OK);
    }

    @Test
    void a_slow_clocksource_is_changed_where_a_fast_one_is_offered() {
        String folder = "sys/devices/system/clocksource/clocksource0/";
        FakeHost host = FakeHost.empty(root)
                .file(folder + "current_clocksource", "hpet\n")
                .file(folder + "available_clocksource", "tsc hpet acpi_pm \n");
        assertThat(only(new ClocksourceCheck(), host).remedy())
                .containsExactly("echo tsc | sudo tee /" + folder + "current_clocksource   # until a reboot");
        host.file(folder + "available_clocksource", "hpet acpi_pm \n");
        assertThat(only(new ClocksourceCheck(), host).text()).contains("does not offer it");
    }

    @Test
    void few_descriptors_are_a_warning_and_very_few_a_failure() {
        FakeHost host = FakeHost.empty(root).file("proc/self/limits", "Max open files   1024   1024   files\n");
        assertThat(only(new DescriptorCheck(), host).level()).isEqualTo(Level.WARNING);
        host.file("proc/self/limits", "Max open files   256   4096   files\n");
        assertThat(only(new DescriptorCheck(), host).level()).isEqualTo(Level.FAILURE);
        host.file("proc/self/limits", "Max open files   unlimited   unlimited   files\n");
        assertThat(only(new DescriptorCheck(), host).level()).isEqualTo(Level.OK);
    }

    @Test
    void little_memory_and_swapped_memory_are_told() {
        FakeHost host = FakeHost.empty(root)
                .file("proc/meminfo", "MemAvailable: 600000 kB\nSwapTotal: 2000000 kB\nSwapFree: 1000000 kB\n");
        List<Finding> findings = new MemoryCheck().examine(host.host(), FakeHost.intent());
        assertThat(findings).extracting(Finding::level).containsExactly(Level.WARNING, Level.NOTE);
        assertThat(findings.get(1).text()).isEqualTo("1.02 GB are swapped out");
        host.file("proc/meminfo", "MemAvailable: 200000 kB\n");
        assertThat(only(new MemoryCheck(), host).level()).isEqualTo(Level.FAILURE);
    }

    @Test
    void the_limits_of_a_container_hold_from_the_groups_around_it_too() {
        FakeHost host = FakeHost.good(root)
                .file("proc/self/cgroup", "0::/kubepods/pod1/agent\n")
                .file("sys/fs/cgroup/kubepods/pod1/cpu.max", "150000 100000\n")
                .file("sys/fs/cgroup/kubepods/pod1/cpu.stat", "usage_usec 5\nnr_throttled 7\n")
                .file("sys/fs/cgroup/kubepods/pod1/agent/memory.max", "1200000000\n")
                .file("sys/fs/cgroup/kubepods/pod1/agent/memory.current", "900000000\n")
                .file("sys/fs/cgroup/kubepods/pod1/agent/memory.stat", "anon 1\ninactive_file 200000000\n");
        assertThat(new ContainerCheck().examine(host.host(), FakeHost.intent()))
                .extracting(Finding::text)
                .containsExactly(
                        "a limit of 1.20 GB of memory, 500 MB of it left; an agent takes up to 1.00 GB",
                        "a quota of 1.50 processors, used up and halted 7 times so far");
    }

    @Test
    void a_quota_in_the_only_group_that_a_container_sees_is_found() {
        FakeHost host =
                FakeHost.good(root).file("proc/self/cgroup", "0::/\n").file("sys/fs/cgroup/cpu.max", "400000 100000\n");
        assertThat(only(new ContainerCheck(), host).level()).isEqualTo(Level.NOTE);
    }

    @Test
    void fewer_processors_for_this_process_than_the_host_has_are_told() {
        FakeHost host = FakeHost.good(root)
                .java(new JavaFacts("25", 25, "64", "OpenJDK 64-Bit Server VM 25", "mixed mode", null, 2));
        assertThat(only(new ContainerCheck(), host).text()).contains("may use 2 of 4 processors");
    }

    @Test
    void an_old_slow_or_odd_java_is_told_and_options_are_not_shown() {
        FakeHost host = FakeHost.empty(root)
                .java(new JavaFacts(
                        "17.0.1",
                        17,
                        "32",
                        "OpenJDK Server VM 17.0.1-fastdebug",
                        "interpreted mode",
                        "-Dpassword=hunter2",
                        4));
        List<Finding> findings = new JavaCheck().examine(host.host(), FakeHost.intent());
        assertThat(findings)
                .extracting(Finding::level)
                .containsExactly(Level.NOTE, Level.WARNING, Level.FAILURE, Level.FAILURE, Level.NOTE);
        assertThat(findings.toString()).doesNotContain("hunter2");
    }

    @Test
    void a_disk_must_hold_what_the_measurements_take() {
        DiskCheck check = new DiskCheck(folder -> new DiskCheck.Store(2_000_000_000, "ext4", true));
        assertThat(check.examine(null, FakeHost.intent()))
                .extracting(Finding::level)
                .containsExactly(Level.OK, Level.OK);
        // 130 bytes x 1000/s x 3600 s = 468 MB, and three times that for results
        Intent hour = FakeHost.intent(null, "1000/s", "1MiB", "1h");
        assertThat(check.examine(null, hour)).extracting(Finding::level).containsExactly(Level.OK, Level.WARNING);
        Intent shift = FakeHost.intent(null, "1000/s", "1MiB", "8h");
        assertThat(check.examine(null, shift)).extracting(Finding::level).containsExactly(Level.FAILURE, Level.FAILURE);
        assertThat(check.examine(null, shift).get(0).text()).contains("2.00 GB free; the measurements take 3.74 GB");
    }

    @Test
    void a_disk_in_memory_a_read_only_and_a_broken_one_are_told() {
        Intent intent = FakeHost.intent();
        assertThat(new DiskCheck(folder -> new DiskCheck.Store(2_000_000_000, "tmpfs", true))
                        .examine(null, intent)
                        .get(0)
                        .text())
                .contains("takes memory");
        assertThat(new DiskCheck(folder -> new DiskCheck.Store(2_000_000_000, "ext4", false)).examine(null, intent))
                .allMatch(finding -> finding.level() == Level.FAILURE);
        DiskCheck broken = new DiskCheck(folder -> {
            throw new IOException("stale file handle");
        });
        assertThat(broken.examine(null, intent))
                .allMatch(finding ->
                        finding.level() == Level.UNKNOWN && finding.text().contains("stale file handle"));
    }

    @Test
    void sleeps_that_end_late_are_a_warning() {
        assertThat(sleeping(60_000).level()).isEqualTo(Level.OK);
        assertThat(sleeping(300_000).level()).isEqualTo(Level.NOTE);
        Finding late = sleeping(14_600_000);
        assertThat(late.level()).isEqualTo(Level.WARNING);
        assertThat(late.text()).contains("14.60 ms late at the median");
    }

    private static Finding sleeping(long lateNanos) {
        AtomicLong clock = new AtomicLong();
        TimingCheck check = new TimingCheck(clock::get, nanos -> clock.addAndGet(nanos + lateNanos));
        Finding finding = check.examine(null, null).get(0);
        assertThat(clock.get()).as("it takes no more than half a second").isLessThan(500_000_000);
        return finding;
    }
}

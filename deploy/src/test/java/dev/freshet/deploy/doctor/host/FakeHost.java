package dev.freshet.deploy.doctor.host;

import dev.freshet.common.control.ToCoordinator.Interface;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import dev.freshet.deploy.doctor.check.Intent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A host of a test's own making: the files of its kernel in a folder, the answers of its commands in a map. */
public final class FakeHost {
    private static final JavaFacts JAVA_25 =
            new JavaFacts("25.0.1+8", 25, "64", "OpenJDK 64-Bit Server VM 25.0.1+8", "mixed mode, sharing", null, 4);

    private final Path root;
    private final Map<String, String> answers = new HashMap<>();
    private JavaFacts java = JAVA_25;

    private FakeHost(Path root) {
        this.root = root;
    }

    /** One that tells nothing. */
    public static FakeHost empty(Path root) {
        return new FakeHost(root);
    }

    /** One to measure on: four processors, a link of 10 Gbit/s with jumbo frames. */
    public static FakeHost good(Path root) {
        FakeHost host = new FakeHost(root)
                .file("proc/loadavg", "0.31 0.20 0.10 1/200 4711\n")
                .file("proc/stat", "cpu  900 0 100 9000 0 0 0 5 0 0\ncpu0 1\ncpu1 1\ncpu2 1\ncpu3 1\nintr 5\n")
                .file("proc/meminfo", "MemTotal: 32000000 kB\nMemAvailable:   16000000 kB\nSwapTotal: 0 kB\n")
                .file("proc/self/limits", "Limit\nMax open files            65536                65536     files\n")
                .file("proc/self/cgroup", "0::/user.slice\n")
                .file("proc/net/route", ROUTES_HEAD + "eth1\t0000090A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0\n")
                .file("proc/sys/net/core/rmem_max", "4194304\n")
                .file("proc/sys/net/core/wmem_max", "4194304\n")
                .file("proc/sys/net/ipv4/tcp_rmem", "4096\t131072\t33554432\n")
                .file("proc/sys/net/ipv4/tcp_wmem", "4096\t16384\t16777216\n")
                .file("sys/fs/cgroup/cgroup.controllers", "cpu memory\n")
                .file("sys/fs/cgroup/user.slice/cpu.max", "max 100000\n")
                .file("sys/fs/cgroup/user.slice/memory.max", "max\n")
                .file("sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc\n")
                .file("sys/class/net/eth1/flags", "0x1003\n")
                .file("sys/class/net/eth1/carrier", "1\n")
                .file("sys/class/net/eth1/duplex", "full\n")
                .file("sys/class/net/eth1/mtu", "9000\n")
                .answer(
                        "chronyc",
                        "C0A80001,192.168.0.1,3,1763917262.1,-0.000012,0.00001,0.00001,1,0,0,0,0,64,Normal\n")
                .answer("tc", "[{\"kind\":\"mq\",\"handle\":\"0:\",\"root\":true,\"options\":{}}]");
        for (int i = 0; i < 4; i++) {
            host.file("sys/devices/system/cpu/cpu" + i + "/cpufreq/scaling_governor", "performance\n");
        }
        host.file("sys/devices/system/cpu/cpufreq/boost", "1\n");
        for (String counter : List.of("rx_errors", "tx_errors", "rx_missed_errors", "rx_dropped", "tx_dropped")) {
            host.counter(counter, 0);
        }
        return host.counter("rx_packets", 1_000_000).counter("tx_packets", 1_000_000);
    }

    /** The first line of /proc/net/route. */
    public static final String ROUTES_HEAD =
            "Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tW\tI\n";

    /** Writes one of the kernel's files. */
    public FakeHost file(String path, String text) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public FakeHost counter(String name, long value) {
        return file("sys/class/net/eth1/statistics/" + name, value + "\n");
    }

    /** A symbolic link to what need not exist. */
    public FakeHost link(String path, String target) {
        try {
            Path link = root.resolve(path);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, Path.of(target));
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param command the first words of a command line: the longest that fits counts */
    public FakeHost answer(String command, String text) {
        answers.put(command, text);
        return this;
    }

    public FakeHost java(JavaFacts facts) {
        java = facts;
        return this;
    }

    public Host host() {
        return new Host(new HostFiles(root), this::run, java);
    }

    private Commands.Answer run(String... command) {
        String line = String.join(" ", command);
        return answers.keySet().stream()
                .filter(line::startsWith)
                .max((a, b) -> Integer.compare(a.length(), b.length()))
                .map(known -> Commands.Answer.of(answers.get(known)))
                .orElseGet(() -> Commands.Answer.none(command[0] + " is not installed"));
    }

    /** To measure over eth1, 10.9.0.2, of 10 Gbit/s. */
    public static Intent intent(Integer... ports) {
        return new Intent(
                new Interface("eth1", "10.9.0.2", 10_000_000_000L),
                List.of(ports),
                Path.of("/tmp"),
                Path.of("results"),
                null,
                null,
                null);
    }

    /** The same, over a link of another speed, with a load. */
    public static Intent intent(Long speedBitsPerSecond, String rate, String size, String duration) {
        return new Intent(
                new Interface("eth1", "10.9.0.2", speedBitsPerSecond),
                List.of(),
                Path.of("/tmp"),
                Path.of("results"),
                Rate.parse("--rate", rate),
                SizeMix.parse("--size", size),
                Durations.parse("--duration", duration));
    }
}

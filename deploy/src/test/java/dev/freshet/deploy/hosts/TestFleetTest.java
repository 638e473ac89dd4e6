package dev.freshet.deploy.hosts;

import static dev.freshet.deploy.hosts.TestFleet.HUB;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the hosts which tests use are what they are taken for. */
@Tag("once")
class TestFleetTest {
    @TempDir
    private static Path directory;

    private static TestFleet fleet;

    @BeforeAll
    static void set_up() throws InterruptedException {
        fleet = TestFleet.up(directory.resolve("fleet"), 4, "--second-net");
    }

    @AfterAll
    static void take_down() {
        if (fleet != null) {
            fleet.close();
        }
    }

    private static String said(TestFleet fleet, String host, String... command) throws InterruptedException {
        TestFleet.Outcome outcome = fleet.exec(host, command);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output().strip();
    }

    /** In a host, connects to another's sshd, which greets. */
    private static TestFleet.Outcome greeting(String from, String to) throws InterruptedException {
        return fleet.exec(from, "timeout", "10", "bash", "-c", "head -n 1 </dev/tcp/" + to + "/22");
    }

    @Test
    void hosts_and_hub_reach_each_other_by_name_and_by_both_addresses() throws Exception {
        assertThat(greeting("h1", "h2").output()).startsWith("SSH-2.0-");
        assertThat(greeting("h2", "10.78.0.1").output()).startsWith("SSH-2.0-");
        assertThat(said(fleet, HUB, "getent", "hosts", "h2")).startsWith("10.77.0.2");
        assertThat(said(fleet, "h2", "getent", "hosts", HUB)).startsWith("10.77.0.254");
    }

    @Test
    void the_hub_gets_into_a_host_by_ssh_and_finds_it_a_machine_of_its_own() throws Exception {
        assertThat(said(fleet, HUB, "ssh", "h1", "hostname")).isEqualTo("h1");
        assertThat(said(fleet, HUB, "ssh", "h1", "ls", "/sys/class/net")).isEqualTo("eth0\neth1\nlo");
        assertThat(said(fleet, HUB, "ssh", "h1", "touch here /tmp/there && ps -e -o args="))
                .contains("sshd")
                .doesNotContain("surefire");
        assertThat(fleet.home("h1").resolve("here")).exists();
        assertThat(fleet.home("h2").resolve("here")).doesNotExist();
        assertThat(said(fleet, HUB, "ssh", "h1", "java", "-XshowSettings:properties", "-version"))
                .contains("java.home = " + System.getProperty("java.home"));
    }

    @Test
    void a_host_has_no_way_out_and_the_machine_gets_no_way_in() throws Exception {
        assertThat(said(fleet, "h1", "ip", "-4", "route")).isNotEmpty().doesNotContain("default");
        assertThat(Files.readString(Path.of("/proc/self/net/fib_trie"))).doesNotContain("10.77.0.", "10.78.0.");
    }

    @Test
    void what_runs_in_a_host_is_seen_gets_signals_and_ends_with_its_caller() throws Exception {
        Path output = directory.resolve("output");
        String script = "trap 'echo told; exit 7' TERM; echo ready; while :; do sleep 0.1; done";
        Process told = fleet.command("h2", "bash", "-c", script)
                .redirectOutput(output.toFile())
                .start();
        await("the script", () -> Files.readString(output).contains("ready"));
        assertThat(fleet.processes("h2"))
                .anyMatch(process -> process.commandLine().contains("echo told"));
        told.destroy();
        assertThat(told.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(told.exitValue()).isEqualTo(7);
        assertThat(output).content().endsWith("told\n");

        Process killed = fleet.command("h2", "sleep", "1000").start();
        await("sleep", () -> runs("h2", "sleep 1000"));
        killed.destroyForcibly();
        await("the end of sleep", () -> !runs("h2", "sleep 1000"));
    }

    private static boolean runs(String host, String commandLine) throws InterruptedException {
        return fleet.processes(host).stream()
                .anyMatch(process -> process.commandLine().equals(commandLine));
    }

    @Test
    void a_limit_holds_what_a_host_sends_until_it_is_taken_away() throws Exception {
        double unlimited = megabitsPerSecond(4);
        fleet.limit("h3", "10mbit");
        double limited = megabitsPerSecond(4);
        fleet.limit("h3", "none");
        double again = megabitsPerSecond(4);
        // 1448 of 1514 bytes on the wire are the message's, and a full bucket goes out at once
        assertThat(limited).isBetween(5.0, 10.0);
        assertThat(unlimited).isGreaterThan(2 * limited);
        assertThat(again).isGreaterThan(2 * limited);
    }

    /** The rate at which {@code h3} gets something through to the hub, from the first byte on: making the connection may take a second. */
    private static double megabitsPerSecond(int mebibytes) throws Exception {
        String transfer = "ssh h3 head -c " + mebibytes + "M /dev/zero | { dd bs=1 count=1 of=/dev/null status=none;"
                + " start=$(date +%s%N); wc -c; echo $(($(date +%s%N) - start)); }";
        List<String> lines = said(fleet, HUB, "bash", "-c", transfer).lines().toList();
        int restBytes = (mebibytes << 20) - 1;
        assertThat(lines.get(0)).isEqualTo(String.valueOf(restBytes));
        return restBytes * 8e3 / Double.parseDouble(lines.get(1));
    }

    @Test
    void a_host_that_refuses_the_key_lets_nobody_in() throws Exception {
        try (TestFleet small = TestFleet.up(directory.resolve("refusing"), 1)) {
            assertThat(said(small, HUB, "ssh", "h1", "hostname")).isEqualTo("h1");
            small.refuse("h1");
            TestFleet.Outcome refused = small.exec(HUB, "ssh", "-o", "BatchMode=yes", "h1", "hostname");
            assertThat(refused.exitCode()).isEqualTo(255);
            assertThat(refused.output()).contains("Permission denied (publickey)");
        }
    }

    @Test
    void a_host_without_power_is_silent_and_all_in_it_is_gone() throws Exception {
        Process running = fleet.command(HUB, "ssh", "h4", "sleep", "2000").start();
        await("sleep", () -> runs("h4", "sleep 2000"));
        List<Long> pids =
                fleet.processes("h4").stream().map(TestFleet.HostProcess::pid).toList();
        fleet.powerOff("h4");
        assertThat(pids).isNotEmpty().noneMatch(pid -> ProcessHandle.of(pid).isPresent());
        TestFleet.Outcome lost = fleet.exec(HUB, "ssh", "-o", "ConnectTimeout=2", "h4", "hostname");
        assertThat(lost.exitCode()).isEqualTo(255);
        assertThat(lost.output()).containsAnyOf("timed out", "No route to host");
        assertThat(running.isAlive()).as("a connection that nobody ended").isTrue();
        running.destroyForcibly();
    }

    @Test
    void two_fleets_do_not_meet_and_nothing_is_left_of_one_that_is_closed() throws Exception {
        Path own = directory.resolve("passing");
        Set<String> before = interfaces();
        TestFleet passing = TestFleet.up(own, 2);
        Process running = passing.command("h1", "sleep", "3000").start();
        Set<String> spaces = namespaces(own);
        try (passing) {
            assertThat(interfaces()).as("this machine's own interfaces").isEqualTo(before);
            assertThat(said(passing, HUB, "ssh", "h2", "hostname")).isEqualTo("h2");
            assertThat(passing.exec(HUB, "ssh", "h3", "hostname").output()).contains("Could not resolve");
            assertThat(said(fleet, HUB, "ssh", "h3", "hostname")).isEqualTo("h3");
        }
        assertThat(running.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(linesOfProcesses("environ", line -> line.contains(own.toString())))
                .isEmpty();
        assertThat(linesOfProcesses("mountinfo", line -> line.contains(own.toString())))
                .isEmpty();
        assertThat(spaces).hasSize(4);
        assertThat(allNamespaces()).doesNotContainAnyElementsOf(spaces);
        assertThat(said(fleet, HUB, "ssh", "h3", "hostname")).isEqualTo("h3");
        passing.close();
    }

    private static Set<String> interfaces() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/sys/class/net"))) {
            return all.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** The network namespaces of a fleet's inits. */
    private static Set<String> namespaces(Path fleet) throws IOException {
        Set<String> spaces = new TreeSet<>();
        for (String host : List.of("switch", HUB, "h1", "h2")) {
            String pid = Files.readString(fleet.resolve(host).resolve("pid")).strip();
            spaces.add(
                    Files.readSymbolicLink(Path.of("/proc", pid, "ns", "net")).toString());
        }
        return spaces;
    }

    private static Set<String> allNamespaces() {
        Set<String> spaces = new TreeSet<>();
        ProcessHandle.allProcesses().forEach(process -> {
            try {
                spaces.add(Files.readSymbolicLink(Path.of("/proc", String.valueOf(process.pid()), "ns", "net"))
                        .toString());
            } catch (IOException e) {
                // it has ended meanwhile, or is another user's
            }
        });
        return spaces;
    }

    private static List<String> linesOfProcesses(String file, Predicate<String> wanted) {
        List<String> found = new ArrayList<>();
        ProcessHandle.allProcesses().forEach(process -> {
            try {
                Files.readString(Path.of("/proc", String.valueOf(process.pid()), file))
                        .lines()
                        .filter(wanted)
                        .forEach(found::add);
            } catch (IOException e) {
                // it has ended meanwhile, or is another user's
            }
        });
        return found;
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}

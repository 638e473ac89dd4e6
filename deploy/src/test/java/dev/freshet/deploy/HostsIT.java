package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.deploy.hosts.TestFleet;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code freshet run --hosts} over real hosts: h1 to h4 produce, h5 consumes, and the command itself runs on the hub. h6 has no power, and h7
 * refuses the key.
 */
class HostsIT {
    private static final List<String> HOSTS = List.of("h1", "h2", "h3", "h4", "h5");
    private static final String FRESHET =
            Path.of("target", "dist", "bin", "freshet").toAbsolutePath().toString();

    /** A secret key is 40 characters of Z85. */
    private static final Pattern KEY = Pattern.compile("(?<![!-~])[0-9a-zA-Z.:+=^!/*?&<>()\\[\\]{}@%$#-]{40}(?![!-~])");

    @TempDir
    private static Path fleetDirectory;

    private static TestFleet fleet;

    /** Of one test; it lies in the fleet's, which the hub sees. */
    private Path directory;

    private final List<FreshetProcess> started = new ArrayList<>();

    @BeforeAll
    static void up() throws Exception {
        fleet = TestFleet.up(fleetDirectory.resolve("fleet"), 7, "--second-net");
        fleet.powerOff("h6");
        fleet.refuse("h7");
    }

    @AfterAll
    static void down() throws Exception {
        if (fleet != null) {
            fleet.close();
        }
    }

    @BeforeEach
    void makeDirectory() throws Exception {
        directory = Files.createTempDirectory(fleetDirectory.resolve("fleet"), "test-");
    }

    @AfterEach
    void nothingRunsOn() throws Exception {
        started.forEach(FreshetProcess::close);
        awaitNothingRuns();
    }

    private FreshetProcess start(String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(FRESHET, "run", "--out", directory.resolve("results").toString()));
        command.addAll(List.of(options));
        ProcessBuilder inHub = fleet.command(TestFleet.HUB, command.toArray(String[]::new));
        FreshetProcess freshet = FreshetProcess.start(directory, inHub.environment(), inHub.command());
        started.add(freshet);
        return freshet;
    }

    private static String[] small(String hosts, String... more) {
        List<String> options = new ArrayList<>(List.of("--hosts", hosts, "--consumer-hosts", "h5", "--size", "256KiB"));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    /** What runs on the hosts, but for their own: command lines. */
    private static List<String> processes() throws Exception {
        List<String> all = new ArrayList<>();
        for (String host : HOSTS) {
            fleet.processes(host).stream()
                    .filter(process -> !process.commandLine().startsWith("sshd: ")) // one of each connection
                    .forEach(process -> all.add(host + ": " + process.commandLine()));
        }
        return all;
    }

    /** A command on a host may outlive its ssh for a moment. */
    private static void awaitNothingRuns() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        List<String> left = processes();
        while (!left.isEmpty()) {
            assertThat(System.nanoTime()).as("still there: " + left).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
            left = processes();
        }
    }

    @Test
    void a_fleet_on_four_hosts_balances_and_each_interface_carried_what_was_sent() throws Exception {
        FreshetProcess freshet = start(
                small("h1,h2,h3,h4", "--rate", "200/s", "--duration", "5s", "--warmup", "1s", "--gate", "loss == 0"));
        freshet.awaitStderr("measured");
        assertThat(processes())
                .as("one agent on each host, known by role and name, and no secret in sight")
                .hasSize(5)
                .allMatch(process -> process.contains("--role") && process.contains("--name"))
                .noneMatch(process -> KEY.matcher(process).find());
        assertThat(freshet.exitCode()).as(freshet.stderr() + freshet.stdout()).isZero();
        assertThat(freshet.stderr()).doesNotContainPattern(KEY);

        Results results = new Results(freshet.results());
        assertThat(results.summary().get("ledger").get("balanced").asBoolean()).isTrue();
        assertThat(results.ledger("received")).isEqualTo(results.ledger("sent")).isPositive();
        assertThat(results.summary().get("environment").get("control_keys").asBoolean())
                .isTrue();
        for (int i = 1; i <= 4; i++) {
            JsonNode agent = results.agent("p" + i);
            assertThat(agent.get("host").asText()).isEqualTo("h" + i);
            assertThat(agent.get("interface").asText()).isEqualTo("eth0");
            assertThat(agent.get("endpoint").asText()).startsWith("tcp://10.77.0." + i + ":");
            assertCarried(results, agent);
        }
        assertThat(processes()).as(freshet.stderr()).isEmpty();
    }

    /** Bytes that left by the interface: what was handed to TCP and the headers below it, within 3 %. */
    private static void assertCarried(Results results, JsonNode agent) throws Exception {
        for (JsonNode comparison : results.summary().get("environment").get("interfaces")) {
            if (comparison.get("host").equals(agent.get("host"))
                    && comparison.get("interface").equals(agent.get("interface"))) {
                double expected = comparison.get("application_bytes").asDouble()
                        + comparison.get("overhead_bytes").asDouble();
                assertThat(comparison.get("interface_bytes").asDouble())
                        .as(comparison.toString())
                        .isCloseTo(expected, within(0.03 * expected));
                return;
            }
        }
        throw new AssertionError("no figures of the interface of " + agent.get("name"));
    }

    @Test
    void a_link_that_is_too_slow_is_named_and_the_others_are_whole_and_weights_by_link_speed_make_it_fit()
            throws Exception {
        fleet.limit("h4", "13mbit"); // its shard, 25/s of 256 KiB, would need 52
        try {
            FreshetProcess equal = start(small("h1,h2,h3,h4", "--rate", "100/s", "--duration", "6s", "--warmup", "2s"));
            equal.exitCode();
            Results shared = new Results(equal.results());
            assertThat(shared.summary().get("ledger").get("balanced").asBoolean())
                    .isTrue();
            assertThat(shared.agent("p4").get("achieved").get("rate_hz").asDouble())
                    .isLessThan(12);
            for (int i = 1; i <= 3; i++) {
                assertThat(shared.agent("p" + i).get("achieved").get("rate_hz").asDouble())
                        .isCloseTo(25, within(0.5));
            }
            assertThat(shared.summary().get("verdict").toString()).contains("p4", "h4", "eth0", "13 Mbit/s");

            Files.move(directory.resolve("results"), directory.resolve("results-of-equal-shares"));
            FreshetProcess weighted = start(small(
                    "h1,h2,h3,h4", "--rate", "100/s", "--duration", "6s", "--warmup", "2s", "--weights", "link-speed"));
            assertThat(weighted.exitCode())
                    .as(weighted.stderr() + weighted.stdout())
                    .isZero();
            Results fitted = new Results(weighted.results());
            assertThat(fitted.ledger("received")).isEqualTo(600);
            assertThat(fitted.agent("p4").get("rate_hz").asDouble()).isLessThan(1);
        } finally {
            fleet.limit("h4", "none");
        }
    }

    @Test
    void hosts_that_cannot_be_used_are_each_named_with_their_reason_and_nothing_is_left() throws Exception {
        Process taken = fleet.command(
                        "h3",
                        "python3",
                        "-c",
                        "import socket,time; s=socket.socket(); s.bind(('10.77.0.3', 6002)); s.listen(); print('taken', flush=True); time.sleep(60)")
                .start();
        try {
            assertThat(taken.inputReader().readLine()).isEqualTo("taken");
            long began = System.nanoTime();
            FreshetProcess freshet = start(small("h6,h3,h7,h1", "--data-port", "6000"));
            assertThat(freshet.exitCode()).as(freshet.stderr()).isEqualTo(3);
            assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began))
                    .isLessThan(15);
            assertThat(freshet.stderr().lines().filter(line -> line.startsWith("freshet: ")))
                    .anyMatch(line -> line.startsWith("freshet: h6: ") && line.contains("port 22"))
                    .anyMatch(line -> line.startsWith("freshet: h7: ") && line.contains("Permission denied"))
                    .anyMatch(line -> line.startsWith("freshet: h3: ") && line.contains("6002"));
            assertThat(directory.resolve("results")).as("nothing was begun").doesNotExist();
        } finally {
            taken.destroyForcibly().waitFor();
        }
    }

    @Test
    void two_agents_on_two_interfaces_of_one_host_each_carry_their_own_shard() throws Exception {
        FreshetProcess freshet =
                start(small("h1:eth0,h1:eth1", "--rate", "100/s", "--duration", "5s", "--warmup", "1s"));
        assertThat(freshet.exitCode()).as(freshet.stderr() + freshet.stdout()).isZero();
        Results results = new Results(freshet.results());
        assertThat(results.ledger("received")).isEqualTo(500);
        for (int i = 1; i <= 2; i++) {
            JsonNode agent = results.agent("p" + i);
            assertThat(agent.get("host").asText()).isEqualTo("h1");
            assertThat(agent.get("interface").asText()).isEqualTo("eth" + (i - 1));
            assertThat(agent.get("ledger").get("received").asLong()).isEqualTo(250);
            assertCarried(results, agent);
        }
    }

    @Test
    void an_interruption_keeps_the_books_and_leaves_no_process_on_any_host() throws Exception {
        FreshetProcess freshet = start(small("h1,h2", "--rate", "50/s", "--duration", "600s", "--warmup", "0s"));
        freshet.awaitStderr("   2 s measured");
        freshet.signal("INT");
        assertThat(freshet.exitCode()).as(freshet.stderr()).isEqualTo(130);
        Results results = new Results(freshet.results());
        assertThat(results.summary().get("run").get("state").asText()).isEqualTo("stopped");
        assertThat(results.summary().get("ledger").get("balanced").asBoolean()).isTrue();
        assertThat(processes()).as(freshet.stderr()).isEmpty();
    }

    @Test
    void an_agent_that_is_killed_on_its_host_is_named_and_the_others_are_whole() throws Exception {
        FreshetProcess freshet = start(small("h1,h2,h3", "--rate", "90/s", "--duration", "6s", "--warmup", "0s"));
        freshet.awaitStderr("   2 s measured");
        long agent = fleet.processes("h2").stream()
                .filter(process -> process.commandLine().contains("--name p2 "))
                .findFirst()
                .orElseThrow()
                .pid();
        FreshetProcess.signal(ProcessHandle.of(agent).orElseThrow(), "KILL");
        assertThat(freshet.exitCode()).as(freshet.stderr()).isEqualTo(3);
        Results results = new Results(freshet.results());
        assertThat(results.summary().get("verdict").get("reasons").toString()).contains("p2", "h2");
        assertThat(results.summary().get("ledger").get("balanced").asBoolean()).isTrue();
        assertThat(results.agent("p1").get("ledger").get("received").asLong()).isEqualTo(180);
        assertThat(results.agent("p3").get("ledger").get("received").asLong()).isEqualTo(180);
        assertThat(processes()).as(freshet.stderr()).isEmpty();
    }
}

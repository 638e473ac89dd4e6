package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.keys.AgentKey;
import dev.freshet.common.keys.KeyDirectory;
import dev.freshet.common.zmq.CurveKeys;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Standing agents with keys, as processes: what they say on the wire and on their command lines, and what they are told when they are not wanted. */
@Timeout(180)
class KeyedFleetTest {
    private static final int AGENTS_LOST = 3;

    @TempDir
    private Path directory;

    private KeyDirectory keys;
    private int port;

    @BeforeEach
    void makeKeys() throws IOException {
        keys = new KeyDirectory(directory.resolve("fleet"));
        keys.add(List.of("detector-p1", "detector-c1"), CurveKeys::generate);
        port = freePort();
    }

    /** Below those that the system hands out by itself: nobody has it by the time it is bound. */
    private static int freePort() {
        for (int attempt = 0; attempt < 100; attempt++) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_768);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (IOException e) { // taken: another
                continue;
            }
        }
        throw new AssertionError("no port is free");
    }

    private FreshetProcess start(String name, String... arguments) throws IOException {
        return FreshetProcess.start(Files.createDirectories(directory.resolve(name)), arguments);
    }

    private FreshetProcess agent(String name, String role, int atPort, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("agent", "--launched", "--role", role, "--coordinator", "tcp://127.0.0.1:" + atPort));
        arguments.addAll(Arrays.asList(more));
        return start(name, arguments.toArray(String[]::new));
    }

    private FreshetProcess coordinator(String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("coordinator", "--port", "0", "--control-port", String.valueOf(port)));
        arguments.addAll(Arrays.asList(more));
        return start("coordinator", arguments.toArray(String[]::new));
    }

    private static final String[] PLAN = {
        "--agents", "1", "--rate", "50/s", "--size", "1KiB", "--duration", "2s", "--warmup", "0s"
    };

    /** Long enough not to turn up by chance among random bytes. */
    private static final List<String> GIVEAWAYS =
            List.of("freshet/1", "Progress", "detector-p1", "incarnation", "tickRate", "tcp://");

    private static List<String> readable(String seen) {
        return GIVEAWAYS.stream().filter(seen::contains).toList();
    }

    private static String[] with(String... more) {
        List<String> all = new ArrayList<>(Arrays.asList(PLAN));
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    @Test
    void with_keys_neither_the_wire_nor_the_process_list_gives_anything_away() throws Exception {
        try (FreshetProcess coordinator = coordinator(with("--keys", keys().toString()));
                Wiretap wiretap = wiretap(coordinator);
                FreshetProcess producer = agent(
                        "p1",
                        "producer",
                        wiretap.port(),
                        "--key",
                        keys.agentFile("detector-p1").toString());
                FreshetProcess consumer = agent("c1", "consumer", wiretap.port(), "--key", "-")) {
            consumer.say(Files.readString(keys.agentFile("detector-c1")) + "\n");
            coordinator.await("the run", () -> wiretap.seen().length() > 20_000);
            for (FreshetProcess process : List.of(coordinator, producer, consumer)) {
                assertThat(process.commandLine()).contains("freshet").doesNotContain(secrets());
            }
            assertThat(coordinator.exitCode())
                    .as(coordinator.stderr() + producer.stderr())
                    .isZero();
            assertThat(readable(wiretap.seen())).isEmpty();
            Results results = new Results(coordinator.results());
            assertThat(results.summary().get("ledger").get("balanced").asBoolean())
                    .isTrue();
            assertThat(results.summary().get("environment").get("control_keys").asBoolean())
                    .isTrue();
            assertThat(results.summary().get("environment").get("insecure").asBoolean())
                    .isFalse();
            for (FreshetProcess process : List.of(coordinator, producer, consumer)) {
                assertThat(process.stderr() + process.stdout()).doesNotContain(secrets());
            }
        }
    }

    @Test
    void without_keys_the_same_wiretap_reads_it_all() throws Exception {
        try (FreshetProcess coordinator = coordinator(PLAN);
                Wiretap wiretap = wiretap(coordinator);
                FreshetProcess producer = agent("p1", "producer", wiretap.port(), "--name", "detector-p1");
                FreshetProcess consumer = agent("c1", "consumer", wiretap.port(), "--name", "detector-c1")) {
            assertThat(coordinator.exitCode())
                    .as(coordinator.stderr() + producer.stderr() + consumer.stderr())
                    .isZero();
            assertThat(readable(wiretap.seen())).containsExactlyElementsOf(GIVEAWAYS);
            Results results = new Results(coordinator.results());
            assertThat(results.summary().get("environment").get("control_keys").asBoolean())
                    .isFalse();
            assertThat(results.summary().get("environment").get("insecure").asBoolean())
                    .isFalse();
        }
    }

    private Path keys() {
        return keys.agentFile("detector-p1").getParent().getParent();
    }

    private Wiretap wiretap(FreshetProcess coordinator) throws Exception {
        coordinator.awaitStderr("listens on");
        return new Wiretap(port);
    }

    private String[] secrets() throws IOException {
        String coordinator = Files.readAllLines(keys().resolve("coordinator.key")).stream()
                .filter(line -> line.startsWith("secret "))
                .findFirst()
                .orElseThrow()
                .substring(7);
        return new String[] {
            coordinator,
            AgentKey.read(keys.agentFile("detector-p1")).pair().secretKey(),
            AgentKey.read(keys.agentFile("detector-c1")).pair().secretKey()
        };
    }

    @Test
    void an_agent_that_is_not_wanted_says_why_and_ends() throws Exception {
        KeyDirectory others = new KeyDirectory(directory.resolve("others"));
        others.add(List.of("detector-p1"), CurveKeys::generate);
        AgentKey known = AgentKey.read(keys.agentFile("detector-p1"));
        AgentKey unknown = new AgentKey("detector-p1", CurveKeys.generate(), known.coordinator());
        try (FreshetProcess keyed = coordinator("--keys", keys().toString())) {
            keyed.awaitStderr("listens on");
            turnedAway(agent("unknown", "producer", port, "--key", "-"), unknown, "refuses this agent's key");
            turnedAway(
                    agent("elsewhere", "producer", port, "--key", "-"),
                    AgentKey.read(others.agentFile("detector-p1")),
                    "not the one that this agent's key is for");
            turnedAway(agent("keyless", "producer", port), null, "admits only agents with a key");
        }
    }

    @Test
    void an_agent_with_a_key_does_not_join_a_coordinator_without() throws Exception {
        try (FreshetProcess open = coordinator()) {
            open.awaitStderr("listens on");
            turnedAway(
                    agent("keyed", "producer", port, "--key", "-"),
                    AgentKey.read(keys.agentFile("detector-p1")),
                    "has no keys, and this agent joins only one that has");
        }
    }

    private static void turnedAway(FreshetProcess agent, AgentKey key, String reason) throws Exception {
        try (agent) {
            if (key != null) {
                agent.say(key.text() + "\n");
            }
            long began = System.nanoTime();
            assertThat(agent.exitCode()).as(agent.stderr()).isEqualTo(AGENTS_LOST);
            assertThat(System.nanoTime() - began).isLessThan(30_000_000_000L);
            assertThat(agent.stderr()).contains(reason);
        }
    }
}

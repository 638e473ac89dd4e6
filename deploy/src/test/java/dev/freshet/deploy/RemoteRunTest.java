package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs from the command line by a coordinator that stands elsewhere, with agents that stand by it: each a process, over real sockets. */
@Timeout(300)
@Tag("once")
class RemoteRunTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern RUN = Pattern.compile("\\d{8}T\\d{6}Z-[\\w.-]+");

    @TempDir
    private Path directory;

    private int commands;

    /** A command in a directory of its own. */
    private FreshetProcess start(String... arguments) throws IOException {
        return FreshetProcess.start(Files.createDirectories(directory.resolve("command-" + commands++)), arguments);
    }

    private FreshetProcess done(String... arguments) throws Exception {
        FreshetProcess command = start(arguments);
        assertThat(command.exitCode()).as(command.stderr() + command.stdout()).isZero();
        return command;
    }

    private static String runNamedIn(String text) {
        Matcher run = RUN.matcher(text);
        assertThat(run.find()).as(text).isTrue();
        return run.group();
    }

    private static String[] with(String[] arguments, String... more) {
        return Stream.concat(Stream.of(arguments), Stream.of(more)).toArray(String[]::new);
    }

    /** Small, with everything that is drawn, and nothing that a busy machine could make different: at the high-water mark it waits. */
    private static final String[] DRAWN = {
        "--name",
        "drawn",
        "--agents",
        "2",
        "--rate",
        "101/s",
        "--size",
        "100B:2,2KiB:1",
        "--phase",
        "random",
        "--seed",
        "7",
        "--duration",
        "3s",
        "--warmup",
        "1s",
        "--on-full",
        "wait",
        "--drain",
        "20s"
    };

    @Test
    void the_same_plan_and_seed_give_the_same_run_from_api_command_line_and_a_fleet_of_its_own() throws Exception {
        FreshetProcess own = done(with(new String[] {"run", "--no-page"}, DRAWN));
        Results local = new Results(own.results());
        try (StandingFleet fleet = StandingFleet.start(directory)) {
            FreshetProcess command = done(with(
                    new String[] {"run", "--coordinator", fleet.url(), "--patience", "60s", "--out", "here", "--json"},
                    DRAWN));
            String run = JSON.readTree(command.stdout()).path("run").path("id").asText();
            Results remote =
                    new Results(directory.resolve("command-1").resolve("here").resolve(run));
            Results asked = new Results(fleet.results(askedOverHttp(fleet.url(), """
                    {"name": "drawn", "agents": 2, "rate": "101/s", "size": "100B:2,2KiB:1", "phase": "random", "seed": 7,
                     "duration": "3s", "warmup": "1s", "on_full": "wait", "drain": "20s"}""")));

            assertSameRun(local, remote);
            assertSameRun(local, asked);
            assertSameFiles(remote.directory(), fleet.results(run));
            assertThat(command.stdout())
                    .isEqualTo(Files.readString(fleet.results(run).resolve("summary.json")) + "\n");
        }
    }

    /** Begins a run and waits for its end, as a script would; returns its id. */
    private static String askedOverHttp(String url, String plan) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        var begun = http.send(
                HttpRequest.newBuilder(URI.create(url + "/api/v1/runs?patience=60s"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(plan))
                        .build(),
                BodyHandlers.ofString());
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        String run = JSON.readTree(begun.body()).path("run").path("id").asText();
        HttpRequest status =
                HttpRequest.newBuilder(URI.create(url + "/api/v1/runs/" + run)).build();
        long deadline = System.nanoTime() + 60_000_000_000L;
        JsonNode told = JSON.readTree(http.send(status, BodyHandlers.ofString()).body());
        while (!told.path("run").hasNonNull("outcome")) {
            assertThat(System.nanoTime())
                    .as("waited for run " + run + ": " + told)
                    .isLessThan(deadline);
            Thread.sleep(200);
            told = JSON.readTree(http.send(status, BodyHandlers.ofString()).body());
        }
        return run;
    }

    private static void assertSameRun(Results one, Results other) throws IOException {
        assertThat(other.directory().resolve("plan.yaml"))
                .hasSameTextualContentAs(one.directory().resolve("plan.yaml"));
        for (String agent : List.of("p1", "p2")) {
            for (Results results : List.of(one, other)) {
                assertThat(results.agent(agent).path("ledger").path("measured").asLong())
                        .as("everything came back, so that everything can be compared")
                        .isEqualTo(results.agent(agent)
                                .path("ledger")
                                .path("scheduled")
                                .asLong())
                        .isPositive();
            }
            for (String figure : List.of("/rate_hz", "/ledger/scheduled", "/warmup/scheduled", "/role")) {
                assertThat(other.agent(agent).at(figure))
                        .as(agent + figure)
                        .isEqualTo(one.agent(agent).at(figure));
                assertThat(one.agent(agent).at(figure).isMissingNode())
                        .as(agent + figure)
                        .isFalse();
            }
            assertSameSchedule(schedule(one, agent), schedule(other, agent));
        }
    }

    private record Message(long intendedMicros, long size) {}

    /** By sequence number; times from the first one. */
    private static Map<Long, Message> schedule(Results results, String agent) throws IOException {
        List<Map<String, String>> rows = results.csv("agents/" + agent + "/measurements.csv");
        long first = rows.stream()
                .mapToLong(row -> Long.parseLong(row.get("intended")))
                .min()
                .orElseThrow();
        Map<Long, Message> messages = rows.stream()
                .collect(Collectors.toMap(
                        row -> Long.valueOf(row.get("seq_n")),
                        row -> new Message(
                                Long.parseLong(row.get("intended")) - first, Long.parseLong(row.get("message_size"))),
                        (a, b) -> {
                            throw new AssertionError("a sequence number twice");
                        },
                        TreeMap::new));
        assertThat(messages.values().stream().map(Message::size).distinct())
                .as("sizes are drawn")
                .hasSize(2);
        return messages;
    }

    private static void assertSameSchedule(Map<Long, Message> one, Map<Long, Message> other) {
        assertThat(other.keySet()).isEqualTo(one.keySet());
        one.forEach((number, message) -> {
            assertThat(other.get(number).size()).as("size of " + number).isEqualTo(message.size());
            // a file has whole microseconds, and T0 lies anywhere within one
            assertThat(other.get(number).intendedMicros())
                    .as("intended time of " + number)
                    .isCloseTo(message.intendedMicros(), within(1L));
        });
    }

    private static void assertSameFiles(Path one, Path other) throws IOException {
        assertThat(files(one)).isEqualTo(files(other)).isNotEmpty();
        for (String file : files(one)) {
            assertThat(one.resolve(file)).hasSameBinaryContentAs(other.resolve(file));
        }
    }

    private static List<String> files(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> directory.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static final String[] LONG = {
        "--agents", "2", "--rate", "100/s", "--size", "1KiB", "--duration", "120s", "--warmup", "1s"
    };

    @Test
    void a_run_is_watched_changed_stopped_listed_and_compared() throws Exception {
        try (StandingFleet fleet = StandingFleet.start(directory)) {
            String[] at = {"--coordinator", fleet.url()};
            FreshetProcess watched = start(with(with(with(new String[] {"run"}, at), LONG), "--patience", "60s"));
            watched.awaitStderr("measured");
            String refused = refused(2, with(with(new String[] {"run"}, at), LONG));

            JsonNode status = JSON.readTree(
                    done(with(new String[] {"status", "--json"}, at)).stdout());
            String first = status.at("/run/run/id").asText();
            assertThat(refused).contains(first, "in progress");
            assertThat(status.at("/run/run/state").asText()).isEqualTo("running");
            assertThat(status.path("agents").findValuesAsText("name")).contains("c1", "p1", "p2");
            assertThat(done(with(new String[] {"status"}, at)).stdout())
                    .contains(fleet.url(), first, "RUNNING", "producer", "consumer");

            assertThat(done(with(new String[] {"set-rate", "300/s"}, at)).stdout())
                    .contains(first, "300.0/s from second");
            watched.awaitStderr("sent 300 received");
            assertThat(done(with(new String[] {"stop"}, at)).stdout()).contains(first);
            assertThat(watched.exitCode()).as(watched.stderr()).isEqualTo(130);
            assertThat(watched.stderr()).contains("DRAINING", "COLLECTING", "MERGING", "STOPPED: stopped by a person");
            assertThat(watched.stdout()).contains("run, stopped", "Ledger of the measured phase, balanced", first);

            FreshetProcess second = done(with(
                    with(new String[] {"run"}, at),
                    "--agents",
                    "1",
                    "--rate",
                    "50/s",
                    "--size",
                    "1KiB",
                    "--duration",
                    "1s",
                    "--warmup",
                    "0s",
                    "--out",
                    directory.resolve("here").toString()));
            String last = runNamedIn(second.stdout());
            Path here = directory.resolve("here").resolve(last);
            assertThat(second.stdout())
                    .isEqualTo(done("report", here.toString()).stdout());

            String runs = done(with(new String[] {"runs"}, at)).stdout();
            assertThat(runs.lines().map(String::strip).toList()).hasSize(3);
            assertThat(runs.lines().skip(1).map(RemoteRunTest::runNamedIn)).containsExactly(last, first);
            assertThat(done(with(new String[] {"runs", "--limit", "1"}, at))
                            .stdout()
                            .lines())
                    .hasSize(2);

            String compared =
                    done(with(new String[] {"compare", first, last}, at)).stdout();
            assertThat(compared).contains(first, last, "achieved rate", "response time p99", "Where the plans differ");
            assertThat(compared.lines().filter(line -> line.contains("120s"))).hasSize(1);
            assertThat(done("compare", fleet.results(first).toString(), here.toString())
                            .stdout())
                    .isEqualTo(compared);
            assertThat(refused(2, with(new String[] {"stop"}, at))).contains("no run in progress");
            assertThat(refused(2, with(new String[] {"stop", first}, at))).contains("not in progress");
        }
    }

    /** Runs a command that says one line, and returns that. */
    private String refused(int exitCode, String... arguments) throws Exception {
        FreshetProcess command = start(arguments);
        assertThat(command.exitCode()).as(command.stderr() + command.stdout()).isEqualTo(exitCode);
        assertThat(command.stderr().lines()).as(command.stderr()).hasSize(1);
        return command.stderr().strip();
    }

    @Test
    void an_interruption_stops_the_run_in_order_and_a_second_one_leaves_it_alone() throws Exception {
        try (StandingFleet fleet = StandingFleet.start(directory)) {
            String[] run = with(new String[] {"run", "--coordinator", fleet.url(), "--patience", "60s"}, LONG);
            FreshetProcess interrupted = start(run);
            interrupted.awaitStderr("measured");
            interrupted.signal("INT");
            assertThat(interrupted.exitCode())
                    .as(interrupted.stderr() + fleet.said())
                    .isEqualTo(130);
            assertThat(interrupted.stderr()).contains("its books are waited for", "STOPPED: interrupted");
            assertThat(interrupted.stdout()).contains("run, stopped", "balanced");

            FreshetProcess left = start(run);
            left.awaitStderr("measured");
            fleet.agent("c1").signal("STOP"); // it will be waited for
            left.signal("INT");
            left.awaitStderr("its books are waited for");
            left.signal("INT");
            assertThat(left.exitCode()).as(left.stderr()).isEqualTo(130);
            String id = runNamedIn(left.stderr());
            assertThat(left.stderr()).contains("left run " + id + " alone");
            assertThat(left.stdout()).isEmpty();
            fleet.agent("c1").signal("CONT");
            awaitSummary(fleet.results(id));
        }
    }

    private static void awaitSummary(Path results) throws InterruptedException {
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!Files.exists(results.resolve("summary.json"))) {
            assertThat(System.nanoTime()).as("waited for the end of " + results).isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    @Test
    void an_interruption_while_agents_are_waited_for_ends_the_waiting() throws Exception {
        try (StandingFleet fleet = StandingFleet.start(directory)) {
            FreshetProcess waiting = start("run", "--coordinator", fleet.url(), "--agents", "7", "--patience", "10m");
            waiting.await("the request", () -> isConnected(waiting));
            waiting.signal("INT");
            assertThat(waiting.exitCode()).as(waiting.stderr()).isEqualTo(130);
            assertThat(waiting.stdout()).isEmpty();
            assertThat(done("runs", "--coordinator", fleet.url()).stdout()).contains("no runs yet");
        }
    }

    /** Whether one of its descriptors is a socket, as there is one once it has spoken with its coordinator. */
    private static boolean isConnected(FreshetProcess process) {
        try (Stream<Path> descriptors =
                Files.list(Path.of("/proc", process.handle().pid() + "", "fd"))) {
            for (Path descriptor : descriptors.toList()) {
                if (Files.readSymbolicLink(descriptor).toString().startsWith("socket:")) {
                    return true;
                }
            }
            return false;
        } catch (IOException e) {
            return false; // one of them has just been closed
        }
    }

    @Test
    void a_coordinator_with_token_and_tls_is_controlled_by_who_has_them() throws Exception {
        TestCertificate tls = TestCertificate.make(directory);
        Path token = Files.writeString(directory.resolve("token"), "0123456789abcdef0123456789abcdef\n");
        Path wrong = Files.writeString(directory.resolve("wrong"), "fedcba9876543210fedcba9876543210\n");
        for (Path file : List.of(token, wrong)) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        try (StandingFleet fleet = StandingFleet.start(
                directory,
                "--token-file",
                token.toString(),
                "--tls-cert",
                tls.certificate().toString(),
                "--tls-key",
                tls.key().toString())) {
            assertThat(fleet.url()).startsWith("https://");
            String[] at = {
                "--coordinator", fleet.url(), "--tls-ca", tls.certificate().toString()
            };
            String[] run = with(
                    with(new String[] {"run"}, at),
                    "--agents",
                    "2",
                    "--rate",
                    "50/s",
                    "--size",
                    "1KiB",
                    "--duration",
                    "1s",
                    "--warmup",
                    "0s",
                    "--patience",
                    "60s");

            assertThat(refused(3, "status", "--coordinator", fleet.url())).contains("not trusted here", "--tls-ca");
            assertThat(refused(3, "status", "--coordinator", fleet.url().replace("https:", "http:")))
                    .contains("is it served by TLS");
            assertThat(refused(2, run)).contains("needs a token", "--token-file");
            assertThat(refused(2, with(run, "--token-file", wrong.toString())))
                    .contains("--token-file", wrong.toString(), "does not hold the token");
            assertThat(done(with(new String[] {"status"}, at)).stdout()).contains(fleet.url(), "token");
            FreshetProcess allowed = done(with(run, "--token-file", token.toString()));
            assertThat(allowed.stdout()).contains("run, done");
            assertThat(new ArrayList<>(List.of(allowed.stdout(), allowed.stderr())))
                    .noneMatch(text -> text.contains("0123456789abcdef"));
        }
    }
}

package dev.freshet.coordinator;

import static dev.freshet.coordinator.ServedCoordinator.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is sent to the API, the answer is a problem of the client's, and nothing else happens. */
@SuppressWarnings("try") // the fleet need only be there
class ApiFuzzTest {
    private static final long SEED = 20261125;
    private static final int REQUESTS = 3_000;
    private static final int HUGE_ONES = 6;

    /** A slow machine sends fewer. */
    private static final long MAX_NANOS = 8_000_000_000L;

    private static final int FEWEST = 200;
    private static final int MAX_PROBLEM_CHARACTERS = 8_000;
    private static final int SPARE_DESCRIPTORS = 20;
    private static final int POLLS = 100;
    private static final String SECRET = "what stands beside the results";
    private static final Pattern INNARDS =
            Pattern.compile("Exception|dev\\.freshet|io\\.vertx|io\\.netty|java\\.|\\tat |\\.java:");
    /** What Vert.x says by itself to HTTP/9.3 and the like. */
    private static final String OTHER_HTTP = "[^\r\n]* 501 Not Implemented\r\n(content-length: 0\r\n)?\r\n";

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    @Test
    void no_request_gets_more_than_a_problem_or_leaves_more_than_that() throws Exception {
        Path results = Files.createDirectory(directory.resolve("results"));
        Files.writeString(directory.resolve("secret"), SECRET);
        try (ServedCoordinator served = ServedCoordinator.open(results);
                SimulatedFleet fleet = new SimulatedFleet(served.coordinator.endpoint(), 1, 1, 1)) {
            String run = begin(served);
            BrokenRequests requests = new BrokenRequests(SEED, run);
            fuzz(served.port(), requests, FEWEST); // so that what is opened once is open
            long before = descriptors();
            fuzz(served.port(), requests, REQUESTS);
            for (int i = 0; i < HUGE_ONES; i++) {
                assertThat(checked(requests.huge(), served.port(), false).status())
                        .isEqualTo(413);
            }
            awaitDescriptors(before);
            assertThat(names(directory)).containsExactlyInAnyOrder("results", "secret");
            assertThat(names(results)).containsExactly(run);
            assertThat(json(served.get("/api/v1/runs/" + run))
                            .at("/run/outcome")
                            .isNull())
                    .as("the run goes on")
                    .isTrue();
        }
    }

    private static String begin(ServedCoordinator served) throws Exception {
        HttpResponse<String> begun = served.post(
                "/api/v1/runs?patience=20s",
                "application/json",
                "{\"agents\":1,\"rate\":\"10/s\",\"size\":\"1KiB\",\"duration\":\"1h\"}");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        return json(begun).at("/run/id").asText();
    }

    private static void fuzz(int port, BrokenRequests requests, int count) throws IOException {
        long end = System.nanoTime() + MAX_NANOS;
        int sent = 0;
        while (sent < count && (sent < FEWEST || System.nanoTime() < end)) {
            boolean garbage = sent++ % 4 == 0;
            checked(garbage ? requests.garbage() : requests.next(), port, garbage);
        }
    }

    /** Sends it, and has the answer looked at. */
    private static RawHttp.Answer checked(String request, int port, boolean garbage) throws IOException {
        String start = "seed " + SEED + ": " + request.substring(0, Math.min(300, request.length()));
        RawHttp.Answer answer = answer(request, port, garbage, start);
        String what = start + "\n-> " + answer.text();
        if (answer.text().isEmpty() || answer.text().matches(OTHER_HTTP)) {
            assertThat(garbage).as(what).isTrue();
            return answer;
        }
        assertThat(answer.status()).as(what).isBetween(200, 499);
        assertThat(answer.text()).as(what).doesNotContain(SECRET, "root:x:");
        boolean problem = "application/problem+json".equals(answer.header("content-type"));
        if (answer.status() >= 400) {
            assertThat(answer.text()).as(what).doesNotContainPattern(INNARDS);
            assertThat(problem).as(what).isTrue();
            if (!request.startsWith("HEAD")) {
                checkProblem(answer, what);
            }
        } else if (request.startsWith("POST") || request.startsWith("PUT")) {
            throw new AssertionError("it was carried out: " + what);
        }
        return answer;
    }

    private static RawHttp.Answer answer(String request, int port, boolean garbage, String what) throws IOException {
        try {
            return garbage ? RawHttp.cutOff(port, request) : RawHttp.exchange(port, request);
        } catch (SocketTimeoutException e) {
            throw new AssertionError("no answer to " + what, e);
        }
    }

    private static void checkProblem(RawHttp.Answer answer, String what) throws IOException {
        assertThat(answer.body().length()).as(what).isLessThan(MAX_PROBLEM_CHARACTERS);
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.get("status").asInt()).as(what).isEqualTo(answer.status());
        assertThat(problem.get("title").asText()).as(what).isNotBlank();
        assertThat(problem.get("detail").asText()).as(what).isNotBlank();
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        }
    }

    /** Connections that the client has closed, the server closes when it comes to it. */
    private static void awaitDescriptors(long before) throws Exception {
        for (int i = 0; i < POLLS && descriptors() > before + SPARE_DESCRIPTORS; i++) {
            Thread.sleep(50);
        }
        assertThat(descriptors()).isLessThanOrEqualTo(before + SPARE_DESCRIPTORS);
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }
}

package dev.freshet.coordinator;

import static dev.freshet.coordinator.ServedCoordinator.json;
import static dev.freshet.coordinator.ServedCoordinator.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real runs over HTTP; {@link ServedCoordinator} holds every exchange against the description. */
@SuppressWarnings("try") // the fleet need only be there
class ApiContractTest {
    private static final String RUNS = "/api/v1/runs";
    private static final String JSON = "application/json";
    private static final String YAML = "application/yaml";
    private static final double SPEED = 5;
    private static final int POLLS = 400;
    private static final Map<String, String> FRAMES = Map.of(
            "status", "StatusFrame",
            "agents", "AgentsFrame",
            "run", "RunFrame",
            "row", "RowFrame",
            "mark", "MarkFrame");

    @TempDir
    private Path results;

    private ServedCoordinator served;

    @BeforeEach
    void serve() {
        served = ServedCoordinator.open(results);
    }

    @AfterEach
    void close() {
        served.close();
    }

    private SimulatedFleet fleet() {
        return new SimulatedFleet(served.coordinator.endpoint(), 2, 1, SPEED);
    }

    private String begin(String plan) throws Exception {
        HttpResponse<String> begun = served.post(RUNS + "?patience=10s", YAML, plan);
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        return json(begun).at("/run/id").asText();
    }

    private JsonNode await(String id, Predicate<JsonNode> condition) throws Exception {
        for (int i = 0; i < POLLS; i++) {
            HttpResponse<String> response = served.get(RUNS + "/" + id);
            if (response.statusCode() == 200 && condition.test(json(response))) {
                return json(response);
            }
            Thread.sleep(50); // what is tested here is the asking
        }
        throw new AssertionError(id + " did not get there");
    }

    private JsonNode awaitRunning(String id) throws Exception {
        return await(id, run -> run.at("/run/state").asText().equals("running"));
    }

    /** Only the summary, which is told when all of its files are there, has an environment. */
    private JsonNode awaitSummary(String id) throws Exception {
        return await(id, run -> run.has("environment"));
    }

    private String finished(String name) throws Exception {
        String id =
                begin("name: " + name + "\nagents: 2\nrate: 300/s\nsize: 1KiB\nduration: 5s\nwarmup: 1s\ndrain: 1s\n"
                        + "gates: [loss == 0, response_time.p50 < 1us]\n");
        awaitSummary(id);
        return id;
    }

    @Test
    void a_run_and_all_that_is_left_of_it_are_as_they_are_described() throws Exception {
        try (SimulatedFleet fleet = fleet()) {
            String a = finished("first");
            String b = finished("second");
            assertThat(json(served.get(RUNS + "/" + a)).at("/run/outcome").asText())
                    .isEqualTo("gate_failed");
            JsonNode list = json(served.get(RUNS + "?limit=1"));
            assertThat(list.at("/runs/0/id").asText()).isEqualTo(b);
            assertThat(json(served.get(RUNS + "?before=" + list.get("next").asText()))
                            .at("/runs/0/id")
                            .asText())
                    .isEqualTo(a);
            assertThat(json(served.get(RUNS + "/" + a + "/charts")).get("intervals"))
                    .isNotEmpty();
            assertThat(json(served.get(RUNS + "/" + a + "/agents/p1/intervals")).get("intervals"))
                    .isNotEmpty();
            assertThat(json(served.get("/api/v1/compare?a=" + a + "&b=" + b)).get("figures"))
                    .isNotEmpty();
            problem(served.get("/api/v1/compare?a=" + a), 400);
            problem(served.get("/api/v1/compare?a=" + a + "&b=none"), 404);
            problem(served.get(RUNS + "/" + a + "/agents/..x/intervals"), 404);
        }
    }

    @Test
    void files_come_whole_in_part_and_not_again() throws Exception {
        try (SimulatedFleet fleet = fleet()) {
            String files = RUNS + "/" + finished("files") + "/files";
            JsonNode list = json(served.get(files)).get("files");
            assertThat(list.findValuesAsText("path")).contains("summary.json", "intervals.csv", "plan.yaml");
            for (JsonNode file : list) {
                HttpResponse<String> whole =
                        served.get(files + "/" + file.get("path").asText());
                assertThat(whole.statusCode()).isEqualTo(200);
                assertThat(whole.body().getBytes(StandardCharsets.UTF_8))
                        .hasSize(file.get("size_bytes").asInt());
            }
            HttpResponse<String> part =
                    served.send(served.request(files + "/summary.json").header("Range", "bytes=0-9"));
            assertThat(part.statusCode()).isEqualTo(206);
            assertThat(part.body()).hasSize(10);
            problem(served.send(served.request(files + "/summary.json").header("Range", "bytes=99999999-")), 416);
            String tag = part.headers().firstValue("etag").orElseThrow();
            assertThat(served.send(served.request(files + "/summary.json").header("If-None-Match", tag))
                            .statusCode())
                    .isEqualTo(304);
            assertThat(served.send(served.request(files + "/summary.json").method("HEAD", BodyPublishers.noBody()))
                            .statusCode())
                    .isEqualTo(200);
            problem(served.get(files + "/none.csv"), 404);
        }
    }

    @Test
    void a_run_that_goes_on_is_as_it_is_described() throws Exception {
        try (SimulatedFleet fleet = fleet()) {
            String id = begin("agents: 2\nrate: 300/s\nsize: 1KiB\nduration: 10m\n");
            awaitRunning(id);
            served.get("/api/v1/fleet");
            served.get(RUNS);
            served.get(RUNS + "/" + id + "/agents/c1/intervals");
            served.get(RUNS + "/" + id + "/charts");
            problem(served.get("/api/v1/compare?a=" + id + "&b=" + id), 409);
            assertThat(served.put(RUNS + "/" + id + "/rate", "{\"rate\":\"150/s\"}")
                            .statusCode())
                    .isEqualTo(200);
            problem(served.put(RUNS + "/" + id + "/rate", "{\"rate\":[1]}"), 400);
            problem(served.post(RUNS + "/" + id + "/stop", JSON, "{\"reason\":\"\"}"), 400);
            problem(served.post(RUNS, JSON, "{}"), 409);
            assertThat(served.post(RUNS + "/" + id + "/stop", JSON, "{\"reason\":\"enough\"}")
                            .statusCode())
                    .isEqualTo(202);
            assertThat(awaitSummary(id).at("/run/outcome").asText()).isEqualTo("stopped");
        }
    }

    @Test
    void a_rehearsal_is_as_it_is_described() throws Exception {
        try (SimulatedFleet fleet = fleet()) {
            String path = RUNS + "?dry_run=true&patience=10s";
            assertThat(served.post(path, JSON, "{\"agents\":2,\"size\":[\"1KiB:3\",\"1MiB:1\"],\"weights\":[1,2]}")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(served.post(path, YAML, "agents: 2\ninterface:\n").statusCode())
                    .isEqualTo(200);
            problem(served.post(path, JSON, "{\"agents\":{}}"), 422);
        }
    }

    @Test
    void the_feed_is_as_it_is_described() throws Exception {
        try (SimulatedFleet fleet = fleet()) {
            begin("agents: 2\nrate: 300/s\nsize: 1KiB\nduration: 10m\n");
            HttpResponse<InputStream> live =
                    served.client().send(served.request("/api/v1/live").build(), BodyHandlers.ofInputStream());
            try (InputStream in = live.body()) {
                awaitFrames(new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)));
            }
        }
    }

    /** Reads until each kind was there, and three rows. */
    private static void awaitFrames(BufferedReader feed) throws IOException {
        Set<String> missing = new HashSet<>(FRAMES.keySet());
        String event = "";
        int rows = 0;
        while (!missing.isEmpty() || rows < 3) {
            String line = feed.readLine();
            if (line.startsWith("event: ")) {
                event = line.substring("event: ".length());
            } else if (line.startsWith("data: ")) {
                Contract.ofCoordinator().checkSchema(FRAMES.get(event), line.substring("data: ".length()));
                missing.remove(event);
                rows += event.equals("row") ? 1 : 0;
            }
        }
    }

    @Test
    void what_is_no_part_of_a_run_is_as_it_is_described_too() throws Exception {
        HttpResponse<String> document = served.get("/api/v1/openapi.yaml");
        assertThat(document.body()).startsWith("openapi: 3.1.0");
        for (String path :
                new String[] {"/healthz", "/readyz", "/metrics", "/", "/page/main.js", "/api/v1/fleet", RUNS}) {
            assertThat(served.get(path).statusCode()).as(path).isEqualTo(200);
        }
        problem(served.get(RUNS + "?limit=0"), 400);
        problem(served.get(RUNS + "?limit=many"), 400);
        problem(served.get(RUNS + "/20260101T000000Z-none"), 404);
        problem(served.get(RUNS + "/20260101T000000Z-none/files"), 404);
    }
}

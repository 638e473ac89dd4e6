package dev.freshet.coordinator;

import static dev.freshet.coordinator.ServedCoordinator.json;
import static dev.freshet.coordinator.ServedCoordinator.problem;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.common.plan.Shard;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.run.RunRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // the fleet need only be there
class RunsOverHttpTest {
    private static final String RUNS = "/api/v1/runs";
    private static final String JSON = "application/json";
    private static final String PLAN =
            "{\"name\":\"api\",\"agents\":2,\"rate\":\"300/s\",\"size\":\"1KiB\",\"duration\":\"%s\",\"warmup\":\"1s\",\"drain\":\"1s\"}";
    private static final int POLLS = 400;

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

    private SimulatedFleet fleet(int producers) {
        return new SimulatedFleet(served.coordinator.endpoint(), producers, 1, 1);
    }

    /** Begins a run with as much patience as agents need to join. */
    private String begin(String duration) throws Exception {
        HttpResponse<String> begun = served.post(RUNS + "?patience=10s", JSON, String.format(PLAN, duration));
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
        String id = json(begun).at("/run/id").asText();
        assertThat(begun.headers().firstValue("Location")).contains(RUNS + "/" + id);
        assertThat(json(begun).at("/run/name").asText()).isEqualTo("api");
        assertThat(json(begun).at("/run/state").asText()).isNotEmpty();
        return id;
    }

    private JsonNode await(String id, Predicate<JsonNode> condition) throws Exception {
        for (int i = 0; i < POLLS; i++) {
            HttpResponse<String> response = served.get(RUNS + "/" + id);
            if (response.statusCode() == 200 && condition.test(json(response))) {
                return json(response);
            }
            Thread.sleep(50); // there is a feed to wait on; what is tested here is the asking
        }
        throw new AssertionError("run " + id + " did not get there: "
                + served.get(RUNS + "/" + id).body());
    }

    private static double elapsedSeconds(JsonNode status) {
        return status.at("/progress/elapsed_s").asDouble();
    }

    private static String state(JsonNode status) {
        return status.at("/run/state").asText();
    }

    @Test
    void a_run_is_begun_is_followed_and_leaves_its_results() throws Exception {
        try (SimulatedFleet fleet = fleet(2)) {
            String id = begin("2s");
            JsonNode running = await(id, status -> state(status).equals("running"));
            assertThat(running.at("/target/rate_hz").asDouble()).isEqualTo(300);
            assertThat(running.at("/progress/agents_expected").asInt()).isEqualTo(3);
            assertThat(running.at("/verdict").isNull()).isTrue();
            JsonNode listed = json(served.get(RUNS)).at("/runs/0");
            assertThat(listed.get("id").asText()).isEqualTo(id);
            assertThat(listed.get("state").asText()).isIn("running", "draining", "collecting", "merging");
            awaitEnd(id);
            assertThat(results.resolve(id).resolve("plan.yaml")).exists();
        }
    }

    /** Until all is written: the summary is not the last file, and a coordinator that closes does not wait for the rest. */
    private void awaitEnd(String id) throws Exception {
        await(id, status -> !status.at("/run/outcome").isNull());
        assertThat(results.resolve(id).resolve("summary.json")).exists();
        assertThat(results.resolve(id).resolve("report.html")).exists();
    }

    @Test
    void a_fleet_carries_out_one_run_at_a_time_and_stops_it_when_it_is_told() throws Exception {
        try (SimulatedFleet fleet = fleet(2)) {
            String id = begin("60s");
            JsonNode second = problem(served.post(RUNS, JSON, "{}"), 409);
            assertThat(second.get("type").asText()).isEqualTo("urn:freshet:problem:run-in-progress");
            assertThat(second.get("detail").asText()).contains(id);
            await(id, status -> state(status).equals("running"));
            HttpResponse<String> other = served.post(RUNS + "/" + id + "x/stop", JSON, "{}");
            problem(other, 409);
            assertThat(served.post(RUNS + "/" + id + "/stop", JSON, "{\"reason\":\"enough\\u001b[2J\\nof it\"}")
                            .statusCode())
                    .isEqualTo(202);
            Path summary = results.resolve(id).resolve("summary.json");
            awaitEnd(id);
            assertThat(Files.readString(summary))
                    .as("as it may be shown on a terminal")
                    .contains("\"stopped\"", "enough [2J of it");
        }
    }

    @Test
    void a_run_that_is_stopped_twice_ended_at_the_first_time() throws Exception {
        try (SimulatedFleet fleet = fleet(2)) {
            fleet.turnDeafToStop(); // so the run drains
            String id = begin("20s");
            await(id, status -> elapsedSeconds(status) >= 3);
            served.post(RUNS + "/" + id + "/stop", JSON, "{}");
            double stoppedSeconds = elapsedSeconds(json(served.get(RUNS + "/" + id)));
            await(id, status -> elapsedSeconds(status) >= stoppedSeconds + 3);
            served.post(RUNS + "/" + id + "/stop", JSON, "{}");
            JsonNode over = await(id, status -> !status.at("/run/outcome").isNull());
            assertThat(over.at("/run/outcome").asText()).isEqualTo("stopped");
            assertThat(over.at("/achieved/duration_s").asDouble()).isBetween(1.0, stoppedSeconds);
        }
    }

    @Test
    void a_rehearsal_says_what_each_agent_would_do_and_begins_nothing() throws Exception {
        String yaml = "agents: 3\nrate: 1001/s\nsize: 16KiB:3,1MiB:1\nphase: random\nseed: 7\n";
        PlanBuilder builder = new PlanBuilder();
        PlanYaml.read("plan", yaml, builder);
        Plan plan = builder.build();
        List<Party> parties = RunRequest.launched(plan, results).parties(List.of());
        try (SimulatedFleet fleet = fleet(3)) {
            HttpResponse<String> response = served.post(RUNS + "?dry_run=true&patience=10s", "application/yaml", yaml);
            assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
            JsonNode rehearsal = json(response);
            assertThat(rehearsal.at("/plan/rate").asText()).isEqualTo("1001/s");
            assertThat(rehearsal.at("/plan/duration").asText()).isEqualTo("10s");
            List<String> told = new ArrayList<>();
            rehearsal
                    .get("shards")
                    .forEach(shard -> told.add(shard.get("agent").asText() + " " + shard.get("rate_hz") + " "
                            + shard.get("size") + " " + shard.get("first_ms")));
            List<String> planned = parties.stream().map(RunsOverHttpTest::row).toList();
            assertThat(told).isEqualTo(planned);
            assertThat(results).isEmptyDirectory();
            assertThat(served.get(RUNS + "/none").statusCode()).isNotEqualTo(200);
        }
    }

    /** As the command line has it: the same plan and seed come to the same shards. */
    private static String row(Party party) {
        return party.shard() instanceof Shard.Producing shard
                ? party.agent() + " " + shard.schedule().rate().hertz() + " \"" + shard.sizes() + "\" "
                        + shard.schedule().nanosAt(0) / 1e6
                : party.agent() + " null null null";
    }

    @Test
    void a_dry_run_tells_the_shards_before_the_agents_are_there() throws Exception {
        HttpResponse<String> response =
                served.post(RUNS + "?dry_run=true", JSON, "{\"agents\": 2, \"rate\": \"10/s\"}");
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(json(response).get("shards"))
                .extracting(shard -> shard.get("agent").asText())
                .containsExactly("p1", "p2", "c1");
        HttpResponse<String> byLink = served.post(RUNS + "?dry_run=true", JSON, "{\"weights\": \"link-speed\"}");
        assertThat(problem(byLink, 409).get("detail").asText()).contains("0 of 4 producers");
    }

    @Test
    void agents_that_are_missing_are_counted_and_waited_for_as_long_as_was_said() throws Exception {
        JsonNode missing = problem(served.post(RUNS, JSON, "{\"agents\":2}"), 409);
        assertThat(missing.get("type").asText()).isEqualTo("urn:freshet:problem:agents-missing");
        assertThat(missing.get("detail").asText()).contains("0 of 2 producers");
        CompletableFuture<Void> later = CompletableFuture.runAsync(() -> {
            try {
                begin("1s");
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
        try (SimulatedFleet fleet = fleet(2)) {
            later.get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_run_that_failed_before_it_sent_anything_can_still_be_asked_for() throws Exception {
        SimulatedFleet fleet = fleet(2);
        HttpResponse<String> begun = served.post(RUNS + "?patience=10s", JSON, String.format(PLAN, "30s"));
        fleet.close(); // before they are prepared
        String id = json(begun).at("/run/id").asText();
        JsonNode failed = await(id, status -> state(status).equals("failed"));
        assertThat(failed.at("/run/outcome").asText()).isEqualTo("agents_lost");
        assertThat(failed.at("/run/ended").asText()).isNotEmpty();
        assertThat(results.resolve(id)).doesNotExist();
        assertThat(served.get(RUNS + "/" + id).body())
                .as("what is over does not change")
                .isEqualTo(served.get(RUNS + "/" + id).body());
    }

    @Test
    void the_rate_of_a_run_can_be_changed_while_it_sends() throws Exception {
        try (SimulatedFleet fleet = fleet(2)) {
            String id = begin("60s");
            await(id, status -> state(status).equals("running"));
            HttpResponse<String> changed = served.put(RUNS + "/" + id + "/rate", "{\"rate\":\"150/s\"}");
            assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
            assertThat(json(changed).get("rate_hz").asDouble()).isEqualTo(150);
            assertThat(json(changed).get("from_s").asInt()).isPositive();
            problem(served.put(RUNS + "/" + id + "/rate", "{\"rate\":\"-5/s\"}"), 400);
            problem(served.put(RUNS + "/" + id + "/rate", "{\"speed\":\"5/s\"}"), 400);
            problem(served.put(RUNS + "/" + id + "/rate", "[]"), 400);
            served.post(RUNS + "/" + id + "/stop", JSON, "{}");
            awaitEnd(id);
        }
    }

    @Test
    void a_coordinator_that_ends_keeps_the_books_of_its_run_and_begins_no_other() throws Exception {
        try (SimulatedFleet fleet = fleet(2)) {
            String id = begin("60s");
            await(id, status -> state(status).equals("running"));
            served.coordinator.endRuns("told to end").get(60, TimeUnit.SECONDS);
            assertThat(Files.readString(results.resolve(id).resolve("summary.json")))
                    .contains("\"stopped\"", "told to end");
            JsonNode refused = problem(served.post(RUNS + "?patience=5s", JSON, String.format(PLAN, "1s")), 503);
            assertThat(refused.get("type").asText()).isEqualTo("urn:freshet:problem:cannot-begin");
            assertThat(refused.get("detail").asText()).contains("closing");
        }
    }

    @Test
    void results_that_cannot_be_written_are_told_and_nothing_is_left_begun() throws Exception {
        Path file = Files.writeString(results.resolve("file"), "");
        try (ServedCoordinator other = ServedCoordinator.open(file);
                SimulatedFleet fleet = new SimulatedFleet(other.coordinator.endpoint(), 2, 1, 1)) {
            for (int i = 0; i < 2; i++) { // the second time as well: no run is in progress
                JsonNode problem = problem(other.post(RUNS + "?patience=10s", JSON, String.format(PLAN, "1s")), 503);
                assertThat(problem.get("detail").asText()).contains("cannot write results", file.toString());
            }
        }
    }

    @Test
    void an_agent_that_was_lost_and_is_back_is_there_for_the_next_run() throws Exception {
        try (SimulatedFleet fleet = fleet(2)) {
            String id = begin("30s");
            await(id, status -> state(status).equals("running"));
            served.coordinator.agentEnded("p1", "its process has ended");
            awaitState("p1", "lost"); // and it will be asked to say hello again, as it goes on reporting
            await(id, status -> elapsedSeconds(status) >= 3);
            assertThat(stateOf("p1")).isEqualTo("lost");
            served.post(RUNS + "/" + id + "/stop", JSON, "{}");
            awaitEnd(id);
            awaitState("p1", "idle");
        }
    }

    private void awaitState(String agent, String state) throws Exception {
        for (int i = 0; i < POLLS && !stateOf(agent).equals(state); i++) {
            Thread.sleep(50);
        }
        assertThat(stateOf(agent)).isEqualTo(state);
    }

    private String stateOf(String agent) throws Exception {
        for (JsonNode each : json(served.get("/api/v1/fleet")).get("agents")) {
            if (each.get("name").asText().equals(agent)) {
                return each.get("state").asText();
            }
        }
        return "not there";
    }

    @Test
    void who_is_in_the_fleet_is_told() throws Exception {
        try (SimulatedFleet fleet = fleet(2)) {
            String id = begin("30s");
            JsonNode agents = json(served.get("/api/v1/fleet")).get("agents");
            assertThat(agents).hasSize(3);
            assertThat(agents.findValuesAsText("name")).containsExactly("c1", "p1", "p2");
            await(id, status -> state(status).equals("running"));
            served.post(RUNS + "/" + id + "/stop", JSON, "{}");
            awaitEnd(id);
        }
    }
}

package dev.freshet.coordinator;

import static dev.freshet.coordinator.ServedCoordinator.json;
import static dev.freshet.coordinator.ServedCoordinator.problem;
import static dev.freshet.coordinator.history.ArchivedRuns.edit;
import static dev.freshet.coordinator.history.ArchivedRuns.id;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.coordinator.history.ArchivedRuns;
import dev.freshet.coordinator.results.ResultDirectory;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryOverHttpTest {
    private static final String RUNS = "/api/v1/runs";
    private static final List<String> WAYS_OUT = List.of(
            "nothing.csv",
            "notes.txt",
            "../secret.csv",
            "..%2fsecret.csv",
            "..%2F..%2Fsecret.csv",
            "%2e%2e/secret.csv",
            "%2e%2e%2fsecret.csv",
            "..%252fsecret.csv",
            "..%5csecret.csv",
            "/etc/passwd",
            "%2fetc%2fpasswd",
            "intervals.csv%00",
            "intervals.csv%00.html",
            "agents",
            "agents/p1",
            "agents/..%2f..%2fsecret.csv/measurements.csv",
            "agents/out/measurements.csv",
            "agents/p1/intervals.csv",
            "linked.csv",
            "intervals.csv/",
            "./intervals.csv%20");

    @TempDir
    private Path parent;

    private Path results;
    private ArchivedRuns runs;
    private ServedCoordinator served;

    @BeforeEach
    void serve() {
        results = parent.resolve("results");
        runs = new ArchivedRuns(results);
        served = ServedCoordinator.open(results);
    }

    @AfterEach
    void close() {
        served.close();
    }

    private static String path(ResultDirectory run, String below) {
        return RUNS + "/" + id(run) + below;
    }

    private HttpResponse<String> part(ResultDirectory run, String... headers) throws Exception {
        return served.send(served.request(path(run, "/files/intervals.csv"))
                .headers(headers)
                .GET());
    }

    @Test
    void runs_are_listed_page_by_page() throws Exception {
        String oldest = id(runs.over());
        String middle = id(runs.unfinished());
        String newest = id(runs.over());
        JsonNode first = json(served.get(RUNS + "?limit=2"));
        assertThat(first.get("runs").findValuesAsText("id")).containsExactly(newest, middle);
        JsonNode rest =
                json(served.get(RUNS + "?limit=2&before=" + first.get("next").asText()));
        assertThat(rest.get("runs").findValuesAsText("id")).containsExactly(oldest);
        assertThat(rest.get("next").isNull()).isTrue();
    }

    @Test
    void a_limit_that_is_none_is_told() throws Exception {
        for (String query :
                List.of("limit=0", "limit=-1", "limit=501", "limit=x", "limit=", "limt=5", "limit=99999999999")) {
            problem(served.get(RUNS + "?" + query), 400);
        }
    }

    @Test
    void a_run_that_is_over_is_told_by_its_summary() throws Exception {
        ResultDirectory run = runs.over("loss == 0");
        JsonNode summary = new ObjectMapper()
                .readTree(run.path().resolve(ResultDirectory.SUMMARY).toFile());
        assertThat(json(served.get(path(run, "")))).isEqualTo(summary);
    }

    @Test
    void so_is_one_whose_summary_is_older_than_outcomes() throws Exception {
        ResultDirectory run = runs.over("loss > 5");
        edit(run, ResultDirectory.SUMMARY, "\"outcome\" : \"gate_failed\",", "");
        assertThat(json(served.get(path(run, ""))).at("/run/outcome").asText()).isEqualTo("gate_failed");
    }

    @Test
    void a_run_without_a_summary_that_can_be_read_is_unfinished_and_says_why() throws Exception {
        ResultDirectory run = runs.unfinished();
        JsonNode status = json(served.get(path(run, "")));
        assertThat(status.at("/run/state").asText()).isEqualTo("unfinished");
        assertThat(status.at("/run/reason").asText()).isEqualTo("its coordinator ended before it");
        Files.writeString(run.path().resolve(ResultDirectory.SUMMARY), "{\"run\":");
        status = json(served.get(path(run, "")));
        assertThat(status.at("/run/reason").asText()).isEqualTo("its summary cannot be read");
    }

    @Test
    void the_files_of_a_run_are_listed_and_each_comes_as_it_is() throws Exception {
        ResultDirectory run = runs.over();
        JsonNode files = json(served.get(path(run, "/files"))).get("files");
        assertThat(files.findValuesAsText("path"))
                .contains("plan.yaml", "summary.json", "intervals.csv", "agent-intervals.csv", "histograms.hlog")
                .contains("agents/p1/measurements.csv", "agents/p2/measurements.csv");
        for (JsonNode file : files) {
            String name = file.get("path").asText();
            HttpResponse<String> response = served.get(path(run, "/files/" + name));
            assertThat(response.statusCode()).as(name).isEqualTo(200);
            assertThat(response.body())
                    .as(name)
                    .isEqualTo(Files.readString(run.path().resolve(name)));
            assertThat(response.headers().firstValueAsLong("content-length").orElseThrow())
                    .isEqualTo(file.get("size_bytes").asLong());
            assertThat(response.headers().firstValue("content-disposition").orElseThrow())
                    .contains(id(run) + "-" + name.replace('/', '-'));
        }
    }

    @Test
    void a_file_says_what_it_is() throws Exception {
        ResultDirectory run = runs.over();
        Map<String, String> types = Map.of(
                "plan.yaml", "application/yaml",
                "summary.json", "application/json",
                "intervals.csv", "text/csv; charset=utf-8",
                "histograms.hlog", "text/plain; charset=utf-8");
        for (Map.Entry<String, String> type : types.entrySet()) {
            assertThat(served.get(path(run, "/files/" + type.getKey()))
                            .headers()
                            .firstValue("content-type"))
                    .contains(type.getValue());
        }
    }

    @Test
    void a_part_of_a_file_is_that_part() throws Exception {
        ResultDirectory run = runs.unfinished(); // files of a run that goes on are no others
        String whole = Files.readString(run.path().resolve("intervals.csv"));
        int size = whole.length();
        expectPart(run, "bytes=0-9", 0, 10, size, whole);
        expectPart(run, "bytes=10-10", 10, 11, size, whole);
        expectPart(run, "bytes=20-", 20, size, size, whole);
        expectPart(run, "bytes=-7", size - 7, size, size, whole);
        expectPart(run, "bytes=-" + 10L * size, 0, size, size, whole);
        expectPart(run, "bytes=5-" + Long.MAX_VALUE / 100, 5, size, size, whole);
    }

    private void expectPart(ResultDirectory run, String range, int from, int to, int size, String whole)
            throws Exception {
        HttpResponse<String> response = part(run, "Range", range);
        assertThat(response.statusCode()).as(range).isEqualTo(206);
        assertThat(response.body()).as(range).isEqualTo(whole.substring(from, to));
        assertThat(response.headers().firstValue("content-range"))
                .contains("bytes " + from + "-" + (to - 1) + "/" + size);
    }

    @Test
    void what_lies_beyond_the_end_is_a_problem_that_tells_the_size() throws Exception {
        ResultDirectory run = runs.over();
        long size = Files.size(run.path().resolve("intervals.csv"));
        for (String range : List.of("bytes=" + size + "-", "bytes=-0", "bytes=9999999-99999999")) {
            HttpResponse<String> response = part(run, "Range", range);
            problem(response, 416);
            assertThat(response.headers().firstValue("content-range")).contains("bytes */" + size);
        }
    }

    @Test
    void several_parts_or_other_units_are_answered_with_the_whole() throws Exception {
        ResultDirectory run = runs.over();
        assertThat(part(run, "Range", "bytes=0-1,5-6").statusCode()).isEqualTo(200);
        assertThat(part(run, "Range", "lines=0-1").statusCode()).isEqualTo(200);
    }

    @Test
    void a_part_is_of_the_file_that_the_client_has_or_it_gets_the_whole() throws Exception {
        ResultDirectory run = runs.over();
        String tag = served.get(path(run, "/files/intervals.csv"))
                .headers()
                .firstValue("etag")
                .orElseThrow();
        assertThat(part(run, "Range", "bytes=0-1", "If-Range", tag).statusCode())
                .isEqualTo(206);
        assertThat(part(run, "If-None-Match", tag).statusCode()).isEqualTo(304);
        Files.writeString(run.path().resolve("intervals.csv"), "it has grown since\n", StandardOpenOption.APPEND);
        assertThat(part(run, "Range", "bytes=0-1", "If-Range", tag).statusCode())
                .isEqualTo(200);
        assertThat(part(run, "If-None-Match", tag).statusCode()).isEqualTo(200);
    }

    @Test
    void a_head_has_the_length_and_no_body() throws Exception {
        ResultDirectory run = runs.over();
        HttpResponse<String> response =
                served.send(served.request(path(run, "/files/summary.json")).method("HEAD", BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEmpty();
        assertThat(response.headers().firstValueAsLong("content-length").orElseThrow())
                .isEqualTo(Files.size(run.path().resolve("summary.json")));
    }

    @Test
    void no_path_leads_out_of_a_run() throws Exception {
        ResultDirectory run = runs.over();
        Path secret = Files.writeString(parent.resolve("secret.csv"), "secret");
        Files.writeString(results.resolve("secret.csv"), "secret");
        Files.writeString(run.path().resolve("notes.txt"), "secret");
        Files.createSymbolicLink(run.path().resolve("linked.csv"), secret);
        Path elsewhere = Files.createDirectory(parent.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("measurements.csv"), "secret");
        Files.createSymbolicLink(run.path().resolve("agents/out"), elsewhere);
        for (String below : WAYS_OUT) {
            RawHttp.Answer answer = RawHttp.exchange(
                    served.port(),
                    "GET " + path(run, "/files/" + below)
                            + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer.status()).as(below).isIn(400, 404);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
            assertThat(answer.body()).doesNotContain("secret\n", parent.toString());
        }
    }

    @Test
    void two_runs_are_compared() throws Exception {
        ResultDirectory a = runs.over();
        ResultDirectory b = runs.over();
        edit(b, ResultDirectory.PLAN, "rate: 200/s", "rate: 300/s");
        JsonNode comparison = json(served.get("/api/v1/compare?a=" + id(a) + "&b=" + id(b)));
        assertThat(comparison.at("/b/id").asText()).isEqualTo(id(b));
        assertThat(comparison.at("/plan/0/key").asText()).isEqualTo("rate");
        assertThat(comparison.get("figures").findValuesAsText("name")).contains("achieved_rate", "response_time_p99");
    }

    @Test
    void what_cannot_be_compared_is_told() throws Exception {
        String over = id(runs.over());
        problem(served.get("/api/v1/compare?a=" + over), 400);
        problem(served.get("/api/v1/compare?a=" + over + "&b=none"), 404);
        problem(served.get("/api/v1/compare?a=" + over + "&b=" + id(runs.unfinished())), 409);
    }

    @Test
    void an_agent_has_its_intervals_in_a_run_that_goes_on_as_well() throws Exception {
        ResultDirectory run = runs.unfinished();
        JsonNode intervals = json(served.get(path(run, "/agents/p1/intervals"))).get("intervals");
        assertThat(intervals.findValuesAsText("agent")).isNotEmpty().containsOnly("p1");
        assertThat(json(served.get(path(run, "/agents/p9/intervals"))).get("intervals"))
                .isEmpty();
        problem(served.get(path(run, "/agents/%2e%2e/intervals")), 404);
    }

    @Test
    void a_run_has_the_data_of_its_charts_and_without_a_summary_what_there_is() throws Exception {
        ResultDirectory run = runs.over();
        JsonNode charts = json(served.get(path(run, "/charts")));
        assertThat(charts.at("/intervals/interval").size()).isPositive();
        assertThat(charts.at("/summary/run/state").asText()).isEqualTo("done");
        charts = json(served.get(path(runs.unfinished(), "/charts")));
        assertThat(charts.at("/intervals/interval").size()).isPositive();
        assertThat(charts.get("summary").isNull()).isTrue();
    }

    @Test
    void of_a_run_that_is_not_there_there_is_nothing() throws Exception {
        runs.over();
        for (String below : List.of("", "/files", "/files/plan.yaml", "/charts", "/agents/p1/intervals")) {
            problem(served.get(RUNS + "/20261123T170102Z-other" + below), 404);
        }
    }
}

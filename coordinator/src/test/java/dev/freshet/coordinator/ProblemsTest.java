package dev.freshet.coordinator;

import static dev.freshet.coordinator.ServedCoordinator.json;
import static dev.freshet.coordinator.ServedCoordinator.problem;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProblemsTest {
    private static final String JSON = "application/json";

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

    @Test
    void a_path_that_is_not_there_is_a_problem_of_its_own() throws Exception {
        assertThat(problem(served.get("/api/v1/nothing"), 404).get("title").asText())
                .isEqualTo("Not Found");
        problem(served.get("/page/nothing.js"), 404);
        problem(served.get("/api/v1/runs/20260101T000000Z-none"), 404);
    }

    @Test
    void a_method_that_a_path_does_not_take_is_answered_with_those_that_it_does() throws Exception {
        HttpResponse<String> response = served.post("/api/v1/fleet", JSON, "{}");
        problem(response, 405);
        assertThat(response.headers().firstValue("Allow")).contains("GET");
        response = served.send(served.request("/api/v1/runs/x/stop").DELETE());
        problem(response, 405);
        assertThat(response.headers().firstValue("Allow")).contains("POST");
        response = served.send(served.request("/").DELETE());
        problem(response, 405);
        assertThat(response.headers().firstValue("Allow")).contains("GET, HEAD");
    }

    @Test
    void what_a_client_does_not_accept_it_does_not_get() throws Exception {
        problem(served.send(served.request("/api/v1/live").header("Accept", "image/png")), 406);
    }

    @Test
    void a_body_of_another_kind_is_not_read() throws Exception {
        problem(served.post("/api/v1/runs", "text/plain", "{}"), 415);
        problem(served.post("/api/v1/runs", "multipart/form-data; boundary=x", "--x--"), 415);
        problem(served.post("/api/v1/runs/x/stop", "application/yaml", "reason: none"), 415);
    }

    @Test
    void a_body_beyond_the_limit_is_refused_whether_its_length_is_told_or_not() throws Exception {
        String huge = "#".repeat((1 << 20) + 1);
        problem(served.post("/api/v1/runs", JSON, huge), 413);
        RawHttp.Answer answer = RawHttp.exchange(
                served.port(),
                post(
                        "Transfer-Encoding: chunked\r\n",
                        Integer.toHexString(huge.length()) + "\r\n" + huge + "\r\n0\r\n\r\n"));
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
    }

    private static String post(String headers, String body) {
        return "POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + headers + "\r\n" + body;
    }

    @Test
    void what_is_not_json_or_not_the_right_json_is_told_so() throws Exception {
        problem(served.post("/api/v1/runs", JSON, ""), 422);
        problem(served.post("/api/v1/runs", JSON, "{\"agents\":"), 422);
        assertThat(problem(served.post("/api/v1/runs", JSON, "{\"agnts\": 2}"), 422)
                        .get("detail")
                        .asText())
                .contains("agnts", "agents");
        problem(served.post("/api/v1/runs?patience=long", JSON, "{}"), 400);
        problem(served.post("/api/v1/runs?patience=11m", JSON, "{}"), 400);
        problem(served.post("/api/v1/runs?dry_run=yes", JSON, "{}"), 400);
        problem(served.post("/api/v1/runs?dryrun=true", JSON, "{}"), 400);
        problem(served.post("/api/v1/runs?dry_run=true&dry_run=true", JSON, "{}"), 400);
    }

    @Test
    void requests_that_are_none_are_problems_as_well() throws IOException {
        lowLevel(400, "this is no request\r\n\r\n");
        lowLevel(400, "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: minus one\r\n\r\n");
        lowLevel(414, "GET /" + "x".repeat(8_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        lowLevel(431, "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: " + "x".repeat(64_000) + "\r\n\r\n");
        lowLevel(400, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
        lowLevel(400, "FETCH / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        lowLevel(400, "POST /api/v1/runs?patience=%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        lowLevel(400, "GET /%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private void lowLevel(int status, String request) throws IOException {
        RawHttp.Answer answer = RawHttp.exchange(served.port(), request);
        assertThat(answer.status())
                .as(request.substring(0, Math.min(60, request.length())))
                .isEqualTo(status);
        assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        assertThat(answer.body()).contains("\"status\":" + status).doesNotContain("Exception");
    }

    @Test
    void after_a_problem_the_connection_goes_on() throws IOException {
        RawHttp.Answer answer = RawHttp.exchange(
                served.port(),
                "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\nGET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        assertThat(answer.text()).startsWith("HTTP/1.1 404").contains("HTTP/1.1 200", "{\"status\":\"ok\"}");
    }

    @Test
    void a_stop_for_a_run_that_is_not_in_progress_is_refused() throws Exception {
        problem(served.post("/api/v1/runs/none/stop", JSON, "{}"), 409);
        problem(served.put("/api/v1/runs/none/rate", "{\"rate\": \"5/s\"}"), 409);
        assertThat(json(served.get("/api/v1/fleet")).get("agents")).isEmpty();
    }
}

package dev.freshet.coordinator;

import static dev.freshet.coordinator.ServedCoordinator.problem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.common.InputException;
import dev.freshet.common.keys.AccessToken;
import java.io.IOException;
import java.net.InetAddress;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may begin, stop and change runs. What got past the guard here fails for want of agents, with 409. */
class ControlGuardTest {
    private static final int PAST_THE_GUARD = 409;
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";

    @TempDir
    private Path directory;

    private static HttpRequest.Builder post(ServedCoordinator served) {
        return served.request("/api/v1/runs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}"));
    }

    private Path tokenFile(String text, String mode) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    @Test
    void on_loopback_without_a_token_control_is_open() throws Exception {
        try (ServedCoordinator served = ServedCoordinator.open(directory)) {
            problem(served.send(post(served)), PAST_THE_GUARD);
        }
    }

    @Test
    void no_page_of_another_site_can_control_it_through_a_browser() throws Exception {
        try (ServedCoordinator served = ServedCoordinator.open(directory)) {
            String own = "http://127.0.0.1:" + served.port();
            problem(served.send(post(served).header("Origin", own)), PAST_THE_GUARD);
            problem(served.send(post(served).header("Sec-Fetch-Site", "same-origin")), PAST_THE_GUARD);
            for (String origin :
                    new String[] {"http://evil.example", "null", "http://127.0.0.1:1", "http://127.0.0.1", "not: a uri"
                    }) {
                assertThat(type(problem(served.send(post(served).header("Origin", origin)), 403)))
                        .isEqualTo("cross-site");
            }
            for (String site : new String[] {"cross-site", "same-site"}) {
                problem(served.send(post(served).header("Sec-Fetch-Site", site)), 403);
            }
        }
    }

    private static String type(JsonNode problem) {
        return problem.get("type").asText().replace("urn:freshet:problem:", "");
    }

    @Test
    void a_name_that_somebody_else_let_point_here_opens_nothing() throws Exception {
        try (ServedCoordinator served = ServedCoordinator.open(directory)) {
            for (String path : new String[] {"/", "/api/v1/fleet", "/api/v1/live"}) {
                RawHttp.Answer answer = RawHttp.exchange(
                        served.port(),
                        "GET " + path + " HTTP/1.1\r\nHost: evil.example:80\r\nConnection: close\r\n\r\n");
                assertThat(answer.status()).isEqualTo(421);
                assertThat(answer.body()).contains("not-our-name", "--page-name evil.example");
            }
            for (String host : new String[] {"localhost", "127.0.0.1:1", "[::1]:8080", "DAQ.example:8080"}) {
                assertThat(status(served, "/api/v1/fleet", host)).as(host).isEqualTo(200);
            }
            assertThat(status(served, "/healthz", "freshet.cluster.internal")).isEqualTo(200);
        }
    }

    private static int status(ServedCoordinator served, String path, String host) throws IOException {
        return RawHttp.exchange(
                        served.port(), "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")
                .status();
    }

    @Test
    void beyond_loopback_without_a_token_it_can_only_be_read() throws Exception {
        try (ServedCoordinator served = new ServedCoordinator(
                ServedCoordinator.options(InetAddress.getByName("0.0.0.0"), null, null, directory))) {
            JsonNode problem = problem(served.send(post(served)), 403);
            assertThat(type(problem)).isEqualTo("read-only");
            assertThat(problem.get("detail").asText()).contains("--token-file");
            assertThat(served.get("/api/v1/fleet").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void with_a_token_control_needs_it_and_reading_does_not() throws Exception {
        AccessToken token = AccessToken.read(tokenFile(TOKEN + "\n", "rw-------"));
        try (ServedCoordinator served = new ServedCoordinator(
                ServedCoordinator.options(InetAddress.getLoopbackAddress(), token, null, directory))) {
            HttpResponse<String> without = served.send(post(served));
            assertThat(type(problem(without, 401))).isEqualTo("token-missing");
            assertThat(without.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"freshet\"");
            for (String wrong :
                    new String[] {"Bearer " + TOKEN + "0", "Bearer " + TOKEN.substring(1), "Bearer", "Bearer "}) {
                problem(served.send(post(served).header("Authorization", wrong)), 401);
            }
            problem(served.send(post(served).header("Authorization", "Basic " + TOKEN)), 401);
            problem(served.send(post(served).header("Authorization", "Bearer " + TOKEN)), PAST_THE_GUARD);
            problem(served.send(post(served).header("Authorization", token.authorization())), PAST_THE_GUARD);
            assertThat(served.get("/api/v1/fleet").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void a_token_that_others_may_read_or_that_is_none_is_refused() throws Exception {
        Path readable = tokenFile(TOKEN, "rw-r--r--");
        assertThatThrownBy(() -> AccessToken.read(readable))
                .isInstanceOf(InputException.class)
                .hasMessageContainingAll("--token-file", "chmod 600");
        for (String text : new String[] {"", "short", TOKEN + "\n" + TOKEN, "with spaces and so on, but long"}) {
            Path file = tokenFile(text, "rw-------");
            assertThatThrownBy(() -> AccessToken.read(file))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("--token-file")
                    .hasMessageNotContaining(TOKEN);
        }
    }

    @Test
    void every_answer_tells_browsers_to_run_nothing_but_our_own_files() throws Exception {
        try (ServedCoordinator served = ServedCoordinator.open(directory)) {
            for (String path : new String[] {"/", "/api/v1/fleet", "/nothing", "/page/uplot.js", "/healthz"}) {
                HttpResponse<String> response = served.get(path);
                assertThat(response.headers()
                                .firstValue("Content-Security-Policy")
                                .orElseThrow())
                        .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                        .doesNotContain("unsafe");
                assertThat(response.headers().firstValue("X-Content-Type-Options"))
                        .contains("nosniff");
                assertThat(response.headers().firstValue("Cross-Origin-Resource-Policy"))
                        .contains("same-origin");
            }
        }
    }
}

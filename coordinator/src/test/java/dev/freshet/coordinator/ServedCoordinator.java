package dev.freshet.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.common.keys.AccessToken;
import dev.freshet.common.keys.TlsFiles;
import dev.freshet.coordinator.web.WebOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * A coordinator as it is served, with what is needed to talk to it. When it is closed, nothing may have blocked an event loop, and nothing may
 * have failed that is not the client's fault.
 */
final class ServedCoordinator implements AutoCloseable {
    private static final long END_SECONDS = 60;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Contract contract = Contract.ofCoordinator(); // read before anybody waits for anything
    final Coordinator coordinator = new Coordinator("127.0.0.1", 0, "test", null);
    final URI url;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    ServedCoordinator(WebOptions options) {
        log.start();
        root.addAppender(log);
        url = URI.create(coordinator.serve(options));
    }

    /** On loopback, without a token. */
    static ServedCoordinator open(Path results) {
        return new ServedCoordinator(options(InetAddress.getLoopbackAddress(), null, null, results));
    }

    static WebOptions options(InetAddress address, AccessToken token, TlsFiles tls, Path results) {
        return new WebOptions(address, 0, token, tls, Set.of("daq.example"), results, true);
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    HttpResponse<String> post(String path, String type, String body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", type).POST(BodyPublishers.ofString(body)));
    }

    HttpResponse<String> put(String path, String body) throws IOException, InterruptedException {
        return send(request(path).header("Content-Type", "application/json").PUT(BodyPublishers.ofString(body)));
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(20));
    }

    /** Sends a request and holds it and its answer against the API's description. */
    HttpResponse<String> send(HttpRequest.Builder builder) throws IOException, InterruptedException {
        HttpRequest request = builder.build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        contract.check(request, response);
        return response;
    }

    HttpClient client() {
        return client;
    }

    int port() {
        return url.getPort();
    }

    static JsonNode json(HttpResponse<String> response) throws IOException {
        return JSON.readTree(response.body());
    }

    /** That it is a problem document of that status, whose members agree with the response. */
    static JsonNode problem(HttpResponse<String> response, int status) throws IOException {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        assertThat(response.headers().firstValue("content-type")).contains("application/problem+json");
        JsonNode problem = json(response);
        assertThat(problem.get("status").asInt()).isEqualTo(status);
        assertThat(problem.get("title").asText()).isNotBlank();
        assertThat(problem.get("detail").asText()).isNotBlank().doesNotContain("Exception", "dev.freshet");
        assertThat(problem.get("type").asText()).matches("about:blank|urn:freshet:problem:[a-z-]+");
        assertThat(problem.get("instance").asText()).isEqualTo(response.uri().getRawPath());
        return problem;
    }

    private List<String> complaints() {
        return List.copyOf(log.list).stream()
                .filter(event -> event.getLoggerName().endsWith("BlockedThreadChecker")
                        || event.getLevel().levelInt >= ch.qos.logback.classic.Level.ERROR_INT)
                .map(event -> event.getLoggerName() + ": " + event.getFormattedMessage())
                .toList();
    }

    /** Ends a run that still goes on, as the command does. */
    @Override
    public void close() {
        coordinator
                .endRuns("the test is over")
                .orTimeout(END_SECONDS, TimeUnit.SECONDS)
                .join();
        coordinator.close();
        root.detachAppender(log);
        assertThat(complaints()).isEmpty();
    }
}

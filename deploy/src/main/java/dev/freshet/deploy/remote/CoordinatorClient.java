package dev.freshet.deploy.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.common.keys.AccessToken;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Requests to a coordinator, each with its limit of time, and all that can go wrong with one in words. Thread-safe. */
public final class CoordinatorClient {
    static final String JSON = "application/json";
    static final String YAML = "application/yaml";

    private static final String PROBLEM = "application/problem+json";
    private static final String EVENTS = "text/event-stream";
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(20);

    /** The feed tells something once a second, and a file flows. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final int MAX_PROBLEM_BYTES = 64 << 10;
    private static final int MAX_JSON_BYTES = 64 << 20;

    private final CoordinatorAddress address;
    private final AccessToken token;
    private final Path tokenFile;
    private final Duration silence;
    private final HttpClient http;
    private volatile CompletableFuture<?> waitedFor;

    /**
     * @param tokenFile holds the token; null for none
     * @param trusted PEM certificates that TLS trusts in place of the system's; null for the system's
     * @throws dev.freshet.common.InputException if one of the files cannot be used
     */
    public CoordinatorClient(CoordinatorAddress address, Path tokenFile, Path trusted) {
        this(address, tokenFile, trusted, SILENCE);
    }

    /** @param silence how long a stream may bring nothing */
    CoordinatorClient(CoordinatorAddress address, Path tokenFile, Path trusted, Duration silence) {
        this.address = address;
        this.silence = silence;
        this.tokenFile = tokenFile;
        this.token = tokenFile == null ? null : AccessToken.read(tokenFile);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT);
        if (trusted != null) {
            builder.sslContext(TrustedCertificates.only(trusted));
        }
        this.http = builder.build();
    }

    public CoordinatorAddress address() {
        return address;
    }

    /** Asks for a JSON document. */
    public JsonNode get(String path) throws CoordinatorUnusable, Refusal, InterruptedException {
        return json(request(path, ANSWER).GET());
    }

    /** Asks for a JSON document that was made from such a record. */
    public <T> T get(String path, Class<T> type) throws CoordinatorUnusable, Refusal, InterruptedException {
        return as(type, get(path));
    }

    /** @throws CoordinatorUnusable if it is not one of these */
    <T> T as(Class<T> type, JsonNode answer) throws CoordinatorUnusable {
        try {
            return Answers.as(type, answer);
        } catch (UnreadableAnswer e) {
            throw unusable("answers what cannot be read (" + e.getMessage() + "); is it of another version?", e);
        }
    }

    /** Asks for something to be changed. */
    public JsonNode put(String path, String json) throws CoordinatorUnusable, Refusal, InterruptedException {
        return json(request(path, ANSWER).header("Content-Type", JSON).PUT(BodyPublishers.ofString(json)));
    }

    /** Asks for something to be done. */
    public JsonNode post(String path, String json) throws CoordinatorUnusable, Refusal, InterruptedException {
        return post(path, JSON, json, Duration.ZERO);
    }

    /** @param patience how long the coordinator may wait for others before it answers */
    JsonNode post(String path, String type, String body, Duration patience)
            throws CoordinatorUnusable, Refusal, InterruptedException {
        BodyPublisher publisher = BodyPublishers.ofString(body);
        return json(request(path, ANSWER.plus(patience))
                .header("Content-Type", type)
                .POST(publisher));
    }

    /** Opens the live feed. */
    EventStream feed(String lastSeen) throws CoordinatorUnusable, Refusal, InterruptedException {
        HttpRequest.Builder request = request("/api/v1/live", ANSWER).header("Accept", EVENTS);
        if (lastSeen != null) {
            request.header("Last-Event-ID", lastSeen);
        }
        return new EventStream(checked(send(request.GET().build()), EVENTS));
    }

    /** Opens a file, of whatever type. */
    InputStream open(String path) throws CoordinatorUnusable, Refusal, InterruptedException {
        return checked(send(request(path, ANSWER).GET().build()), null);
    }

    /** Gives up the request that is being waited for, if there is one; it fails with a CancellationException. From any thread. */
    public void cancel() {
        CompletableFuture<?> waiting = waitedFor;
        if (waiting != null) {
            waiting.cancel(true);
        }
    }

    /** A connection that was there broke off. */
    CoordinatorUnusable broken(IOException fault) {
        return unusable("broke off (" + fault.getMessage() + ")", fault);
    }

    CoordinatorUnusable unusable(String what, Throwable cause) {
        return new CoordinatorUnusable("the coordinator at " + address + " " + what, cause);
    }

    private HttpRequest.Builder request(String path, Duration limit) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address.at(path)).timeout(limit);
        if (token != null) {
            request.header("Authorization", token.authorization());
        }
        return request;
    }

    private JsonNode json(HttpRequest.Builder request) throws CoordinatorUnusable, Refusal, InterruptedException {
        HttpResponse<InputStream> response = send(request.build());
        try (InputStream body = checked(response, JSON)) {
            return Answers.object(new String(body.readNBytes(MAX_JSON_BYTES), StandardCharsets.UTF_8));
        } catch (UnreadableAnswer e) {
            throw noCoordinator(response);
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws CoordinatorUnusable, InterruptedException {
        CompletableFuture<HttpResponse<InputStream>> answer = http.sendAsync(request, BodyHandlers.ofInputStream());
        waitedFor = answer;
        try {
            return answer.get(); // the client fails it when the request's time is over
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException fault) {
                throw unusable(ConnectionFault.describe(address, fault), fault);
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            waitedFor = null;
        }
    }

    /** @param type that the answer must have; null for any */
    private InputStream checked(HttpResponse<InputStream> response, String type) throws CoordinatorUnusable, Refusal {
        InputStream body = GuardedStream.of(response.body(), silence);
        if (isDone(response) && (type == null || is(response, type))) {
            return body;
        }
        try (body) {
            if (isDone(response)) {
                throw noCoordinator(response);
            }
            throw refusal(response, body.readNBytes(MAX_PROBLEM_BYTES));
        } catch (IOException e) {
            throw broken(e);
        }
    }

    private static boolean isDone(HttpResponse<?> response) {
        return response.statusCode() >= 200 && response.statusCode() < 300;
    }

    private static boolean is(HttpResponse<?> response, String type) {
        return response.headers()
                .firstValue("Content-Type")
                .map(found -> found.split(";", 2)[0].strip().equalsIgnoreCase(type))
                .orElse(false);
    }

    private Refusal refusal(HttpResponse<?> response, byte[] body) throws CoordinatorUnusable {
        if (!is(response, PROBLEM)) {
            throw noCoordinator(response);
        }
        try {
            JsonNode problem = Answers.object(new String(body, StandardCharsets.UTF_8));
            String type = problem.path("type").asText();
            return new Refusal(
                    response.statusCode(),
                    type,
                    words(type, problem.path("detail").asText()));
        } catch (UnreadableAnswer e) {
            throw noCoordinator(response);
        }
    }

    private String words(String type, String detail) {
        if (type.equals(Refusal.type("token-missing"))) {
            return "the coordinator at " + address + " needs a token: name its file with --token-file";
        }
        if (type.equals(Refusal.type("token-wrong"))) {
            return "--token-file: " + tokenFile + " does not hold the token of the coordinator at " + address;
        }
        return "the coordinator at " + address + ": " + detail;
    }

    private CoordinatorUnusable noCoordinator(HttpResponse<?> response) {
        return new CoordinatorUnusable("the server at " + address
                + " is not a Freshet coordinator of this version (it answered " + response.statusCode() + " to "
                + response.request().uri().getPath() + ")");
    }
}

package dev.freshet.deploy.remote;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An HTTP server that says what a test wants a coordinator to say, right or wrong. */
public final class StubCoordinator implements AutoCloseable {
    /** What becomes of one connection to the live feed. */
    public interface Feed {
        void tell(String lastSeen, OutputStream out) throws IOException, InterruptedException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Queue<Feed> feeds = new ConcurrentLinkedQueue<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    public StubCoordinator() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/api/v1/live", this::live);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    CoordinatorClient client() {
        return client(Duration.ofSeconds(20));
    }

    CoordinatorClient client(Duration silence) {
        return new CoordinatorClient(CoordinatorAddress.parse("--coordinator", url()), (Path) null, null, silence);
    }

    /** Everything below a path is answered so. */
    public StubCoordinator answers(String path, int status, String type, String body) {
        server.createContext(path, exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", type);
            send(exchange, status, bytes);
        });
        return this;
    }

    public StubCoordinator answersJson(String path, int status, String body) {
        return answers(path, status, "application/json", body);
    }

    public StubCoordinator refuses(String path, int status, String word, String detail) {
        return answers(
                path,
                status,
                "application/problem+json; charset=utf-8",
                "{\"type\":\"urn:freshet:problem:" + word + "\",\"status\":" + status + ",\"detail\":\"" + detail
                        + "\"}");
    }

    /** The next connection to the feed is told so, and then ended. */
    StubCoordinator feeds(Feed feed) {
        feeds.add(feed);
        return this;
    }

    /** The next connection to the feed is told a text, and then ended. */
    public StubCoordinator feeds(String... frames) {
        return feeds((lastSeen, out) -> out.write(String.join("", frames).getBytes(StandardCharsets.UTF_8)));
    }

    /** As it goes over the wire; without an id if that is null. */
    public static String frame(String event, String id, String json) {
        return "event: " + event + "\n" + (id == null ? "" : "id: " + id + "\n") + "data: " + json + "\n\n";
    }

    /** Each request so far: method, path and query, and what a feed had seen. */
    public List<String> requests() {
        return requests;
    }

    private void live(HttpExchange exchange) throws IOException {
        String lastSeen = exchange.getRequestHeaders().getFirst("Last-Event-ID");
        requests.add("live " + lastSeen);
        Feed feed = feeds.poll();
        if (feed == null) {
            exchange.close(); // cut without an answer
            return;
        }
        exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
        exchange.sendResponseHeaders(200, 0);
        try (OutputStream out = exchange.getResponseBody()) {
            feed.tell(lastSeen, out);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the test is over
        }
    }

    private void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}

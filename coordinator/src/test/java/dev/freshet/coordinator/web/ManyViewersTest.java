package dev.freshet.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.live.LiveFeed;
import dev.freshet.coordinator.results.recording.EventLine;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many browsers on one feed, some of which do not read: over loopback, through the routes that the coordinator has. */
class ManyViewersTest {
    private static final int READING = 180;
    private static final int NOT_READING = 20;
    private static final int MARKS = 500;
    private static final String TEXT = "x".repeat(2_000);
    private static final long PATIENCE_SECONDS = 30;

    private final Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    private final Context context = vertx.getOrCreateContext();
    private final LiveFeed feed = new LiveFeed(() -> new CoordinatorStatus("now", null, null), List::of, () -> "now");
    private final List<Socket> sockets = new ArrayList<>();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private LiveRoutes live;
    private HttpServer server;

    private int serve(int maxStreams, Duration patience) throws Exception {
        return onContext(() -> {
                    live = new LiveRoutes(vertx, feed, maxStreams, patience);
                    Router router = Router.router(vertx);
                    new Failures(vertx).addTo(router);
                    live.addTo(router, null);
                    server = vertx.createHttpServer(WebServer.httpOptions(WebOptions.forOneRun(0, Path.of("none"))));
                    return server.requestHandler(router).listen();
                })
                .toCompletionStage()
                .toCompletableFuture()
                .get(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .actualPort();
    }

    private <T> T onContext(Callable<T> asked) throws ExecutionException, InterruptedException, TimeoutException {
        CompletableFuture<T> answer = new CompletableFuture<>();
        context.runOnContext(now -> {
            try {
                answer.complete(asked.call());
            } catch (Exception e) {
                answer.completeExceptionally(e);
            }
        });
        return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private void mark(String text) throws Exception {
        onContext(() -> {
            feed.event(EventLine.at(Instant.EPOCH, "note", null, text));
            return null;
        });
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!onContext(condition)) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadlineNanos);
            Thread.sleep(10);
        }
    }

    private void connectWithoutReading(int port) throws IOException {
        Socket socket = new Socket();
        sockets.add(socket);
        socket.setReceiveBufferSize(4 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.getOutputStream()
                .write("GET /api/v1/live HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }

    /** Reads until it has all marks, whose numbers must come in order. */
    private final class Viewer {
        private final CountDownLatch all = new CountDownLatch(MARKS);
        private final CompletableFuture<HttpResponse<Stream<String>>> response;
        private int next;
        private volatile String problem;
        private volatile Exception ended;

        Viewer(int port) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/live"))
                    .build();
            response = client.sendAsync(request, BodyHandlers.ofLines());
            Thread thread = new Thread(this::read, "viewer");
            thread.setDaemon(true);
            thread.start();
        }

        private void read() {
            try {
                response.join().body().forEach(this::line);
            } catch (CompletionException | UncheckedIOException e) {
                ended = e; // when the server goes, at the end
            }
        }

        private void line(String line) {
            if (line.startsWith("data: ") && line.contains("\"text\":\"#")) {
                if (!line.contains("\"text\":\"#" + next + " ")) {
                    problem = "expected " + next + ", got " + line.substring(0, 80);
                }
                next++;
                all.countDown();
            }
        }

        void awaitAll() throws InterruptedException {
            assertThat(all.await(PATIENCE_SECONDS, TimeUnit.SECONDS))
                    .as("got " + next + " of " + MARKS + ", ended by " + ended)
                    .isTrue();
            assertThat(problem).isNull();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (Socket socket : sockets) {
            socket.close();
        }
        vertx.close().toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void of_200_viewers_the_20_that_do_not_read_hold_up_nobody_and_cost_little() throws Exception {
        int port = serve(LiveRoutes.MAX_STREAMS, Duration.ofMinutes(5));
        for (int i = 0; i < NOT_READING; i++) {
            connectWithoutReading(port);
        }
        List<Viewer> viewers = new ArrayList<>();
        for (int i = 0; i < READING; i++) {
            viewers.add(new Viewer(port));
        }
        await("all are there", () -> live.streams() == READING + NOT_READING);
        for (int i = 0; i < MARKS; i++) {
            mark("#" + i + " " + TEXT);
        }
        for (Viewer viewer : viewers) {
            viewer.awaitAll();
        }
        await(
                "those that read have taken all",
                () -> live.queuedBytes() <= (long) NOT_READING * LiveStream.MAX_QUEUED_BYTES);
        assertThat(onContext(live::queuedBytes))
                .as("those that do not read were given more than the network took")
                .isPositive();
        assertThat(onContext(live::streams)).isEqualTo(READING + NOT_READING);
    }

    @Test
    void a_viewer_that_takes_nothing_for_long_is_cut_off_and_one_that_reads_is_not() throws Exception {
        int port = serve(
                LiveRoutes.MAX_STREAMS,
                Duration.ofSeconds(5)); // a machine with much to do may keep one that reads from it for a while
        connectWithoutReading(port);
        Viewer viewer = new Viewer(port);
        await("both are there", () -> live.streams() == 2);
        for (int i = 0; i < MARKS; i++) {
            mark("#" + i + " " + TEXT);
        }
        viewer.awaitAll();
        await("one is cut off", () -> live.streams() == 1);
        assertThat(onContext(live::queuedBytes)).isZero();
    }

    @Test
    void when_as_many_follow_as_may_the_next_one_is_told_so() throws Exception {
        int port = serve(2, Duration.ofMinutes(5));
        connectWithoutReading(port);
        connectWithoutReading(port);
        await("both are there", () -> live.streams() == 2);
        HttpResponse<String> refused = client.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/live"))
                        .build(),
                BodyHandlers.ofString());
        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.body()).contains("urn:freshet:problem:too-many-viewers");
        sockets.get(0).close();
        await("one has left", () -> live.streams() == 1);
    }
}

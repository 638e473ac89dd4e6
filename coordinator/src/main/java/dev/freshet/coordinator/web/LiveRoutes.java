package dev.freshet.coordinator.web;

import dev.freshet.coordinator.live.LiveFeed;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The live feed, as server-sent events. */
final class LiveRoutes implements RouteGroup {
    static final int MAX_STREAMS = 1_000;

    private static final long CHECK_MILLIS = 1_000;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private final Vertx vertx;
    private final LiveFeed feed;
    private final Set<LiveStream> streams = new LinkedHashSet<>();
    private final int maxStreams;

    /** @param patience with a browser that takes nothing */
    LiveRoutes(Vertx vertx, LiveFeed feed, int maxStreams, Duration patience) {
        this.vertx = vertx;
        this.feed = feed;
        this.maxStreams = maxStreams;
        vertx.setPeriodic(CHECK_MILLIS, due -> {
            long nowNanos = System.nanoTime();
            List.copyOf(streams).forEach(stream -> stream.check(nowNanos, patience.toNanos()));
        });
    }

    @Override
    public void addTo(Router router, ControlGuard guard) {
        router.get("/api/v1/live").produces("text/event-stream").handler(this::open);
    }

    private void open(RoutingContext context) {
        if (streams.size() >= maxStreams) {
            context.response().putHeader(HttpHeaders.RETRY_AFTER, "30");
            throw Problem.of(
                            503, "too-many-viewers", maxStreams + " follow the live feed already, and that is the most")
                    .exception();
        }
        context.response()
                .setChunked(true)
                .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY); // compressed, it would wait for more
        LiveStream stream = new LiveStream(vertx.getOrCreateContext(), context.request());
        streams.add(stream);
        context.addEndHandler(ended -> {
            streams.remove(stream);
            stream.close();
        });
        stream.open(feed, lastSeen(context));
    }

    /**
     * From the header that a browser sends when it connects again by itself; in the query when the page makes it connect anew, which cannot send one. A
     * place in the log that no log can have is none.
     */
    private static String lastSeen(RoutingContext context) {
        String header = context.request().getHeader("Last-Event-ID");
        String id = header != null ? header : context.request().getParam("last-event-id");
        return id != null && ID.matcher(id).matches() ? id : null;
    }

    /** How many follow it. */
    int streams() {
        return streams.size();
    }

    /** What waits in the process for all of them together. */
    long queuedBytes() {
        return streams.stream().mapToLong(LiveStream::queuedBytes).sum();
    }

    /** Ends all of them. */
    void end() {
        List.copyOf(streams).forEach(LiveStream::end);
    }
}

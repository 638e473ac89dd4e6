package dev.freshet.coordinator.web;

import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connections of the server: only so many, and none is kept for long that asks nothing, or never gets to the end of a question. A question
 * may take its time to answer: agents are waited for, files are long, and the feed has no end.
 */
final class Connections implements Handler<RoutingContext> {
    private static final int MAX_CONNECTIONS = 4_096;
    private static final long CHECK_MILLIS = 5_000;
    private static final long IDLE_NANOS = 60_000_000_000L;

    private final Map<HttpConnection, Use> open = new HashMap<>();
    private final int maxConnections;

    private static final class Use {
        private int requests;
        private long idleSinceNanos = System.nanoTime();
    }

    Connections(Vertx vertx) {
        this(vertx, MAX_CONNECTIONS, IDLE_NANOS);
    }

    Connections(Vertx vertx, int maxConnections, long idleNanos) {
        this.maxConnections = maxConnections;
        vertx.setPeriodic(Math.min(CHECK_MILLIS, idleNanos / 1_000_000), due -> cutIdle(System.nanoTime() - idleNanos));
    }

    void opened(HttpConnection connection) {
        if (open.size() >= maxConnections) {
            cut(connection);
            return;
        }
        open.put(connection, new Use());
        connection.closeHandler(closed -> open.remove(connection));
    }

    /** A request has come whole but for its body. */
    @Override
    public void handle(RoutingContext context) {
        Use use = open.get(context.request().connection());
        if (use != null) {
            use.requests++;
            context.addEndHandler(ended -> {
                use.requests--;
                use.idleSinceNanos = System.nanoTime();
            });
        }
        context.next();
    }

    private void cutIdle(long lastNanos) {
        for (Map.Entry<HttpConnection, Use> one : List.copyOf(open.entrySet())) {
            if (one.getValue().requests == 0 && one.getValue().idleSinceNanos - lastNanos < 0) {
                cut(one.getKey());
            }
        }
    }

    void cutAll() {
        List.copyOf(open.keySet()).forEach(Connections::cut);
    }

    /**
     * Closes a connection at once. Vert.x itself lets what is queued go out first, and for a client that does not read that is never.
     */
    static void cut(HttpConnection connection) {
        ((ConnectionBase) connection).channelHandlerContext().close();
    }
}

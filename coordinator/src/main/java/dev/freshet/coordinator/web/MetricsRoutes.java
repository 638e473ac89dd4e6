package dev.freshet.coordinator.web;

import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.live.LiveFeed;
import dev.freshet.coordinator.metrics.Scrape;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/** Coordinator, fleet and run for Prometheus. */
final class MetricsRoutes implements RouteGroup {
    private final Vertx vertx;
    private final RunControl control;
    private final LiveFeed feed;

    MetricsRoutes(Vertx vertx, RunControl control, LiveFeed feed) {
        this.vertx = vertx;
        this.control = control;
        this.feed = feed;
    }

    @Override
    public void addTo(Router router, ControlGuard guard) {
        router.get("/metrics").handler(this::scrape);
    }

    private void scrape(RoutingContext context) {
        CoordinatorStatus status = control.coordinator();
        List<AgentStatus> agents = control.agents();
        int subscribers = feed.subscribers();
        vertx.executeBlocking(() -> Scrape.text(status, agents, subscribers)) // a thousand agents take their time
                .onSuccess(text -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, Scrape.MEDIA_TYPE)
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                        .end(text))
                .onFailure(context::fail);
    }
}

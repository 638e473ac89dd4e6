package dev.freshet.coordinator.web;

import dev.freshet.coordinator.live.LiveFeed;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;

/** All that the server answers, in the order in which it is looked at. */
public final class Routes {
    private static final Duration FEED_PATIENCE = Duration.ofMinutes(1);

    private final WebOptions options;
    private final HealthRoutes health = new HealthRoutes();
    private final LiveRoutes live;
    private final List<RouteGroup> named;

    /**
     * @param page its files
     * @param control what routes ask of the coordinator
     * @param feed what it tells live
     */
    public Routes(Vertx vertx, WebOptions options, PageFiles page, RunControl control, LiveFeed feed) {
        this.options = options;
        this.live = new LiveRoutes(vertx, feed, LiveRoutes.MAX_STREAMS, FEED_PATIENCE);
        this.named = List.of(
                new PageRoutes(page),
                live,
                new FleetRoutes(control),
                new RunRoutes(vertx, control, options.startsRuns()));
    }

    void addTo(Router router) {
        ControlGuard guard = new ControlGuard(options);
        router.route().handler(new SecurityHeaders());
        health.addTo(router, guard);
        router.route().handler(new OwnNames(options.names()));
        named.forEach(group -> group.addTo(router, guard));
    }

    /** The coordinator is closing. */
    void end() {
        health.end();
        live.end();
    }
}

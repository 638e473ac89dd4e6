package dev.freshet.coordinator.web;

import dev.freshet.coordinator.history.RunHistory;
import dev.freshet.coordinator.live.LiveFeed;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

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
                new RunRoutes(vertx, control, options.startsRuns()),
                new HistoryRoutes(vertx, control, new RunHistory(options.results())),
                new MetricsRoutes(vertx, control, feed),
                new DocumentRoutes());
    }

    void addTo(Router router) {
        ControlGuard guard = new ControlGuard(options);
        router.route().handler(new SecurityHeaders());
        health.addTo(router, guard);
        router.route().handler(new OwnNames(options.names()));
        named.forEach(group -> group.addTo(router, guard));
        tellMethods(router);
    }

    /** Whoever comes to a path with a method that it does not take is told which ones it does. */
    private static void tellMethods(Router router) {
        Map<String, Set<HttpMethod>> taken = new LinkedHashMap<>();
        for (Route route : router.getRoutes()) {
            if (route.getPath() != null && route.methods() != null) {
                String path = route.isExactPath() || route.isRegexPath() ? route.getPath() : route.getPath() + "*";
                taken.computeIfAbsent(path, first -> new TreeSet<>(Comparator.comparing(HttpMethod::name)))
                        .addAll(route.methods());
            }
        }
        taken.forEach((path, methods) -> {
            String allowed = methods.stream().map(HttpMethod::name).collect(Collectors.joining(", "));
            Route other = router.route(path);
            HttpMethod.values().stream()
                    .filter(method -> !methods.contains(method))
                    .forEach(other::method);
            other.handler(context -> {
                context.response().putHeader("Allow", allowed);
                throw Problem.of(405, "this path takes " + allowed).exception();
            });
        });
    }

    /** The coordinator is closing. */
    void end() {
        health.end();
        live.end();
    }
}

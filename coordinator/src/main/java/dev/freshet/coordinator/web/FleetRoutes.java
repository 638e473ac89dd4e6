package dev.freshet.coordinator.web;

import io.vertx.ext.web.Router;
import java.util.Map;

/** Who is in the fleet. */
final class FleetRoutes implements RouteGroup {
    private final RunControl control;

    FleetRoutes(RunControl control) {
        this.control = control;
    }

    @Override
    public void addTo(Router router, ControlGuard guard) {
        router.get("/api/v1/fleet").handler(context -> JsonBody.send(context, 200, Map.of("agents", control.agents())));
    }
}

package dev.freshet.coordinator.web;

import io.vertx.ext.web.Router;
import java.util.Map;

/** For whoever watches over the process. Asked by address and by cluster-internal names, so any Host is good enough. */
final class HealthRoutes implements RouteGroup {
    private boolean ending;

    /** From now on no traffic is wanted. */
    void end() {
        ending = true;
    }

    @Override
    public void addTo(Router router, ControlGuard guard) {
        router.get("/healthz").handler(context -> JsonBody.send(context, 200, Map.of("status", "ok")));
        router.get("/readyz").handler(context -> {
            if (ending) {
                throw Problem.of(503, "the coordinator is closing").exception();
            }
            JsonBody.send(context, 200, Map.of("status", "ready"));
        });
    }
}

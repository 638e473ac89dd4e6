package dev.freshet.coordinator.web;

import io.vertx.ext.web.Router;

/** Routes that belong together. */
interface RouteGroup {
    /**
     * @param router of the whole server: paths are whole ones
     * @param guard goes before each route that changes something
     */
    void addTo(Router router, ControlGuard guard);
}

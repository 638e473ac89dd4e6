package dev.freshet.coordinator.web;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Set;

/** The part of an address after the question mark: each name known, and there once. */
final class Queries {
    private Queries() {}

    /** @throws ProblemException if there is another one: a slip must not be taken for the default */
    static void requireKnown(RoutingContext context, Set<String> known) {
        for (String name : context.queryParams().names()) {
            if (!known.contains(name)) {
                throw Problem.of(400, "there is no parameter '" + name + "' here; there are " + known)
                        .exception();
            }
        }
    }

    /** Its value, or null. */
    static String value(RoutingContext context, String name) {
        List<String> values = context.queryParam(name);
        if (values.size() > 1) {
            throw Problem.of(400, name + ": is there " + values.size() + " times")
                    .exception();
        }
        return values.isEmpty() ? null : values.get(0);
    }

    /** Whether it is {@code true}; without it, it is not. */
    static boolean flag(RoutingContext context, String name) {
        String value = value(context, name);
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw Problem.of(400, name + ": '" + value + "' is neither true nor false")
                    .exception();
        }
        return "true".equals(value);
    }
}

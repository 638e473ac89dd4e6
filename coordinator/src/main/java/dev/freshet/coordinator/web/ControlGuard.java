package dev.freshet.coordinator.web;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import io.vertx.ext.web.handler.SecurityPolicyHandler;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/**
 * Goes before every route that changes something: no other site's page may use it through somebody's browser, the token must be there if there is
 * one, and a body must be of a type that a form cannot send, small, and there in time.
 */
final class ControlGuard {
    static final int MAX_BODY_BYTES = 1 << 20;

    private static final long BODY_MILLIS = 30_000;
    private static final String BEARER = "bearer ";

    private final WebOptions options;
    private final BodyHandler body = BodyHandler.create(false).setBodyLimit(MAX_BODY_BYTES);

    ControlGuard(WebOptions options) {
        this.options = options;
    }

    /**
     * Guards a route.
     *
     * @param types of body that it takes
     */
    Route guard(Route route, String... types) {
        List<String> taken = List.of(types);
        SecurityPolicyHandler policy = context -> {
            requireSameOrigin(context.request());
            requireAccess(context);
            requireType(context, taken);
            limitTime(context);
            context.next();
        };
        return route.handler(policy).handler(body);
    }

    private static void requireSameOrigin(HttpServerRequest request) {
        String site = request.getHeader("Sec-Fetch-Site");
        if (site != null && !site.equals("same-origin") && !site.equals("none")) {
            throw crossSite();
        }
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        if (origin != null && !isOf(origin, request.getHeader(HttpHeaders.HOST))) {
            throw crossSite();
        }
    }

    /** The scheme is left out: something in front of us may have taken the TLS off. */
    private static boolean isOf(String origin, String host) {
        try {
            return host != null && host.equalsIgnoreCase(URI.create(origin).getRawAuthority());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static ProblemException crossSite() {
        return Problem.of(403, "cross-site", "only this coordinator's own page may do this from a browser")
                .exception();
    }

    private void requireAccess(RoutingContext context) {
        switch (options.controlAccess()) {
            case OPEN -> {}
            case NONE ->
                throw Problem.of(
                                403,
                                "read-only",
                                "this coordinator is served beyond loopback without a token, so it can only be read; start it with --token-file FILE")
                        .exception();
            case TOKEN -> requireToken(context);
        }
    }

    private void requireToken(RoutingContext context) {
        String given = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (given == null || !given.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
            throw unauthorized(context, "token-missing", "the header 'Authorization: Bearer TOKEN' is missing");
        }
        if (!options.token().matches(given.substring(BEARER.length()).strip())) {
            throw unauthorized(context, "token-wrong", "that is not the token of this coordinator");
        }
    }

    private static ProblemException unauthorized(RoutingContext context, String word, String detail) {
        context.response().putHeader("WWW-Authenticate", "Bearer realm=\"freshet\"");
        return Problem.of(401, word, detail).exception();
    }

    /** A stop needs no body; whatever has one says of what type it is. */
    private static void requireType(RoutingContext context, List<String> taken) {
        HttpServerRequest request = context.request();
        String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (type == null && !hasBody(request)) {
            return;
        }
        String bare = type == null ? "" : type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        if (!taken.contains(bare)) {
            throw Problem.of(415, "the header Content-Type must be " + String.join(" or ", taken))
                    .exception();
        }
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null || length != null && !length.equals("0");
    }

    private static void limitTime(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (!request.isEnded()) {
            context.vertx().setTimer(BODY_MILLIS, due -> {
                if (!request.isEnded() && !context.response().ended()) {
                    context.fail(408);
                }
            });
        }
    }
}

package dev.freshet.coordinator.web;

import dev.freshet.coordinator.web.PageFiles.PageFile;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;

/** The page: {@code /}, and its files below {@code /page/}. A browser asks each time whether a file is still the same. */
final class PageRoutes implements RouteGroup {
    private final PageFiles files;

    PageRoutes(PageFiles files) {
        this.files = files;
    }

    @Override
    public void addTo(Router router, ControlGuard guard) {
        router.route("/")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> send(context, files.named(PageFiles.INDEX)));
        router.route("/page/:name")
                .method(HttpMethod.GET)
                .method(HttpMethod.HEAD)
                .handler(context -> {
                    PageFile file = files.named(context.pathParam("name"));
                    if (file == null) {
                        throw Problem.of(404, "the page has no such file").exception();
                    }
                    send(context, file);
                });
    }

    private static void send(RoutingContext context, PageFile file) {
        HttpServerResponse response = context.response();
        boolean compressed = takesGzip(context.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
        String tag = '"' + file.tag() + (compressed ? "-gzip\"" : "\"");
        MultiMap headers = response.headers();
        headers.set(HttpHeaders.CONTENT_TYPE, file.mediaType());
        headers.set(HttpHeaders.CACHE_CONTROL, "no-cache");
        headers.set(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        headers.set(HttpHeaders.ETAG, tag);
        headers.set(HttpHeaders.CONTENT_ENCODING, compressed ? "gzip" : "identity"); // the server compresses no further
        String known = context.request().getHeader(HttpHeaders.IF_NONE_MATCH);
        if (known != null && (known.contains(tag) || known.strip().equals("*"))) {
            response.setStatusCode(304).end();
            return;
        }
        Buffer body = Buffer.buffer(compressed ? file.gzip() : file.content());
        if (context.request().method() == HttpMethod.HEAD) {
            headers.set(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()));
            response.end();
        } else {
            response.end(body);
        }
    }

    private static boolean takesGzip(String accepted) {
        return accepted != null
                && Arrays.stream(accepted.split(","))
                        .map(String::strip)
                        .anyMatch(coding -> coding.matches("gzip(\\s*;.*)?") && !coding.matches(".*;\\s*q=0(\\.0*)?"));
    }
}

package dev.freshet.coordinator.web;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.file.FileProps;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Sends a file of a result: whole or a part of it, as it was when it was asked for. */
final class ResultFileAnswer {
    private static final Map<String, String> TYPES = Map.of(
            "csv", "text/csv; charset=utf-8",
            "hgrm", "text/plain; charset=utf-8",
            "hlog", "text/plain; charset=utf-8",
            "html", "text/html; charset=utf-8",
            "json", "application/json",
            "jsonl", "application/jsonl",
            "yaml", "application/yaml");

    /** The report brings its own script and style. It gets an origin of its own, so that neither reaches this coordinator. */
    private static final String REPORT_POLICY =
            "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline'; "
                    + "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private final Vertx vertx;

    ResultFileAnswer(Vertx vertx) {
        this.vertx = vertx;
    }

    /** @param saveAs the name that a browser gives it */
    Future<Void> send(RoutingContext context, Path file, String saveAs) {
        return vertx.fileSystem().props(file.toString()).compose(props -> send(context, file, saveAs, props));
    }

    private Future<Void> send(RoutingContext context, Path file, String saveAs, FileProps props) {
        HttpServerRequest request = context.request();
        HttpServerResponse response = context.response();
        String tag = "\"" + Long.toHexString(props.lastModifiedTime()) + "-" + Long.toHexString(props.size()) + "\"";
        String extension = saveAs.substring(saveAs.lastIndexOf('.') + 1);
        response.putHeader(HttpHeaders.CONTENT_TYPE, TYPES.getOrDefault(extension, "application/octet-stream"))
                .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
                .putHeader(HttpHeaders.ETAG, tag)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                .putHeader("Content-Disposition", "inline; filename=\"" + saveAs + "\"");
        if (extension.equals("html")) {
            response.putHeader("Content-Security-Policy", REPORT_POLICY);
        }
        if (tag.equals(request.getHeader(HttpHeaders.IF_NONE_MATCH))) {
            return response.setStatusCode(304).end();
        }
        String ifRange = request.getHeader("If-Range");
        boolean partial = ifRange == null || ifRange.equals(tag);
        return send(context, file, props.size(), ranged(context, partial, props.size()));
    }

    private static Optional<ByteRange> ranged(RoutingContext context, boolean partial, long size) {
        if (!partial) {
            return Optional.empty();
        }
        try {
            return ByteRange.of(context.request().getHeader("Range"), size);
        } catch (ProblemException e) {
            context.response().putHeader("Content-Range", "bytes */" + size);
            throw e;
        }
    }

    private static Future<Void> send(RoutingContext context, Path file, long size, Optional<ByteRange> range) {
        HttpServerResponse response = context.response();
        // a part must be a part of the file, and not of what a compressor makes of it
        response.putHeader(HttpHeaders.CONTENT_ENCODING, HttpHeaders.IDENTITY);
        long length = range.map(ByteRange::length).orElse(size);
        range.ifPresent(part -> response.setStatusCode(206).putHeader("Content-Range", part.contentRange(size)));
        response.putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        if (context.request().method() == HttpMethod.HEAD || length == 0) {
            return response.end();
        }
        return response.sendFile(file.toString(), range.map(ByteRange::offset).orElse(0L), length);
    }
}

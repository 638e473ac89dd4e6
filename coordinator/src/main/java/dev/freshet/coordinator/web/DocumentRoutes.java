package dev.freshet.coordinator.web;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** What all of this looks like to programs: the API's own description. */
final class DocumentRoutes implements RouteGroup {
    static final String DOCUMENT = "openapi.yaml";

    private final Buffer document = read();

    private static Buffer read() {
        try (InputStream in = DocumentRoutes.class.getResourceAsStream(DOCUMENT)) {
            if (in == null) {
                throw new IllegalStateException("this program was built without " + DOCUMENT);
            }
            return Buffer.buffer(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void addTo(Router router, ControlGuard guard) {
        router.get("/api/v1/" + DOCUMENT)
                .handler(context -> context.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/yaml")
                        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                        .end(document));
    }
}

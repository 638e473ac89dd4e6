package dev.freshet.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.freshet.coordinator.live.LiveFeed;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DescribedRoutesTest {
    private static final Set<String> METHODS = Set.of("get", "head", "post", "put", "delete", "patch", "options");

    @Test
    void every_route_is_described_and_nothing_is_described_that_is_no_route() throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            Router router = Router.router(vertx);
            LiveFeed feed = new LiveFeed(() -> null, List::of, () -> "");
            new Routes(vertx, WebOptions.forOneRun(0, Path.of("none")), PageFiles.read(), null, feed).addTo(router);
            assertThat(described()).isEqualTo(served(router));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        }
    }

    /** The names of parameters are left out: the router may call them otherwise. */
    private static Set<String> served(Router router) {
        Set<String> served = new TreeSet<>();
        for (Route route : router.getRoutes()) {
            // those that only say which methods a path takes, take all the others
            if (route.getPath() != null && !route.methods().contains(HttpMethod.TRACE)) {
                String path = route.getPath().replaceAll(":[a-z]+", "{}") + (route.isExactPath() ? "" : "{}");
                route.methods().forEach(method -> served.add(method + " " + path));
            }
        }
        return served;
    }

    private static Set<String> described() throws IOException {
        Set<String> described = new TreeSet<>();
        try (InputStream in = WebServer.class.getResourceAsStream(DocumentRoutes.DOCUMENT)) {
            JsonNode paths = new YAMLMapper().readTree(in).get("paths");
            paths.properties()
                    .forEach(path -> path.getValue().fieldNames().forEachRemaining(member -> {
                        if (METHODS.contains(member)) {
                            described.add(member.toUpperCase(Locale.ROOT) + " "
                                    + path.getKey().replaceAll("\\{[a-z]+}", "{}"));
                        }
                    }));
        }
        return described;
    }
}

package dev.freshet.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
    private static final Pattern MODULE = Pattern.compile("(?:src|href)=\"(?:/|\\./)?(page/[a-z.-]+)\"");

    @TempDir
    private Path results;

    private ServedCoordinator served;

    @BeforeEach
    void serve() {
        served = ServedCoordinator.open(results);
    }

    @AfterEach
    void close() {
        served.close();
    }

    @Test
    void the_page_and_everything_that_it_names_is_there() throws Exception {
        HttpResponse<String> page = served.get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        Matcher named = MODULE.matcher(page.body());
        int files = 0;
        while (named.find()) {
            assertThat(served.get("/" + named.group(1)).statusCode())
                    .as(named.group(1))
                    .isEqualTo(200);
            files++;
        }
        assertThat(files).isPositive();
    }

    @Test
    void charts_come_out_of_their_library() throws Exception {
        HttpResponse<String> script = served.get("/page/uplot.js");
        assertThat(script.headers().firstValue("content-type")).contains("text/javascript; charset=utf-8");
        assertThat(script.body()).contains("uPlot", "export");
        assertThat(served.get("/page/uplot.css").body()).contains(".uplot");
    }

    @Test
    void a_file_goes_out_compressed_and_is_asked_for_again_only_when_it_has_changed() throws Exception {
        HttpResponse<byte[]> first = bytes("gzip, br", null);
        String tag = first.headers().firstValue("etag").orElseThrow();
        assertThat(first.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(first.headers().firstValue("cache-control")).contains("no-cache");
        String script;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(first.body()))) {
            script = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        assertThat(served.get("/page/uplot.js").body()).isEqualTo(script);
        HttpResponse<byte[]> again = bytes("gzip, br", tag);
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(bytes("identity", tag).statusCode()).isEqualTo(200); // another form of it
        assertThat(bytes("gzip;q=0", null).headers().firstValue("content-encoding"))
                .isEmpty();
    }

    private HttpResponse<byte[]> bytes(String encoding, String tag) throws IOException, InterruptedException {
        var request = served.request("/page/uplot.js").header("Accept-Encoding", encoding);
        if (tag != null) {
            request.header("If-None-Match", tag);
        }
        return served.client().send(request.build(), BodyHandlers.ofByteArray());
    }

    @Test
    void a_head_request_has_the_headers_of_the_page_and_no_body() throws Exception {
        HttpResponse<String> head =
                served.send(served.request("/").method("HEAD", java.net.http.HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.headers().firstValueAsLong("content-length").orElseThrow())
                .isEqualTo(served.get("/").body().getBytes(StandardCharsets.UTF_8).length);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void nothing_outside_the_page_can_be_had() throws Exception {
        for (String path : new String[] {
            "/page/../Coordinator.class",
            "/page/%2e%2e/Coordinator.class",
            "/page/..%2fCoordinator.class",
            "/page/%00",
            "/page/"
        }) {
            RawHttp.Answer answer = RawHttp.exchange(
                    served.port(), "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer.status()).as(path).isBetween(400, 404);
        }
    }
}

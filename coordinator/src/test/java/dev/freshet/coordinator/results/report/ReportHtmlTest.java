package dev.freshet.coordinator.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportHtmlTest {
    @TempDir
    private Path results;

    private ResultDirectory directory;
    private String html;

    @BeforeEach
    void aReport() throws IOException {
        directory = DemoRun.in(results);
        ReportHtml.write(directory);
        html = read();
    }

    private String read() throws IOException {
        return Files.readString(directory.path().resolve("report.html"));
    }

    private static List<String> found(String pattern, String in) {
        return Pattern.compile(pattern, Pattern.DOTALL)
                .matcher(in)
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private static JsonNode json(String text) throws IOException {
        return new ObjectMapper().readTree(text);
    }

    @Test
    void the_data_within_is_the_data_of_the_directory() throws IOException {
        List<String> data = found("<script type=\"application/json\" id=\"data\">(.*?)</script>", html);
        assertThat(data).hasSize(1);
        assertThat(json(data.get(0))).isEqualTo(json(new ObjectMapper().writeValueAsString(ReportData.of(directory))));
        assertThat(json(data.get(0)).get("intervals").get("interval")).hasSize(125);
    }

    @Test
    void nothing_that_a_run_was_told_becomes_part_of_the_page() {
        assertThat(html).doesNotContain(DemoRun.RUDE, "<b>");
        assertThat(found("<script[^>]*id=\"data\">(.*?)</script>", html).get(0)).doesNotContain("<", "&", "\u2028");
        assertThat(html).contains("&lt;/script&gt;&lt;script&gt;alert").contains("\\u003C/script\\u003E");
        assertThat(found("(<script)", html)).hasSize(3);
    }

    @Test
    void every_module_within_finds_every_other_that_it_needs() throws IOException {
        JsonNode imports = json(found("<script type=\"importmap\">(.*?)</script>", html)
                        .get(0))
                .get("imports");
        List<String> names = new ArrayList<>();
        imports.fieldNames().forEachRemaining(names::add);
        assertThat(names).contains("freshet/report.js", "freshet/finished.js", "freshet/charts.js", "freshet/uplot.js");
        assertThat(names).doesNotContain("freshet/main.js", "freshet/feed.js", "freshet/api.js");
        for (String name : names) {
            String address = imports.get(name).asText();
            assertThat(address).startsWith("data:text/javascript;base64,");
            String source = new String(
                    Base64.getDecoder().decode(address.substring(address.indexOf(',') + 1)), StandardCharsets.UTF_8);
            List<String> imported = Pattern.compile("^import (?:.* from )?'([^']+)';$", Pattern.MULTILINE)
                    .matcher(source)
                    .results()
                    .map((MatchResult found) -> found.group(1))
                    .toList();
            assertThat(names).as(name).containsAll(imported);
        }
    }

    @Test
    void it_is_one_file_that_asks_for_nothing() {
        assertThat(html).doesNotContainPattern("(src|href)=\"");
        assertThat(found("http-equiv=\"Content-Security-Policy\" content=\"([^\"]*)\"", html)
                        .get(0))
                .startsWith("default-src 'none'; script-src data: 'sha256-")
                .doesNotContain("unsafe", "http");
    }

    @Test
    void verdict_loads_ledger_percentiles_agents_and_gates_stand_there_without_scripts() {
        String plain = found("<article id=\"plain\"[^>]*>(.*?)</article>", html).get(0);
        assertThat(found("<h2>(.*?)</h2>", plain))
                .containsExactly("Load", "Ledger of the measured phase, balanced", "Latency", "Agents", "Gates");
        assertThat(plain)
                .contains("DEGRADED", "1000.0/s", "120000", "response time", "lateness", "p99.9", "&lt; 0.1%", "FAILED")
                .contains("<th>p4</th>");
    }

    @Test
    void of_a_run_that_did_not_come_to_its_end_there_is_what_it_left() throws IOException {
        Files.delete(directory.path().resolve("summary.json"));
        Files.delete(directory.path().resolve("agent-intervals.csv"));
        ReportHtml.write(directory);
        assertThat(read())
                .contains("<li>There is no summary.json.</li>", "<li>There is no agent-intervals.csv.</li>")
                .contains("<h1>20261118T110640Z-demo</h1>");
    }

    @Test
    void the_file_appears_whole_or_not_at_all() throws IOException {
        Path target = directory.path().resolve("report.html");
        Files.delete(target);
        Files.createDirectory(target);
        Files.createFile(target.resolve("in the way"));
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> ReportHtml.write(directory)))
                .isInstanceOf(IOException.class);
        assertThat(directory.path().resolve("report.html.part")).doesNotExist();
    }
}

package dev.freshet.coordinator.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.web.Chromium;
import dev.freshet.coordinator.web.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report in a real browser, from a file. A tab that is closed fails if anything was complained of. */
@Tag("browser")
class ReportInChromiumTest {
    private static final int PHONE = 360;
    private static final int WALL = 1920;

    /** How many pixels of a chart are painted: none of an empty canvas. */
    private static final String PAINTED = "canvas => { const { data } = canvas.getContext('2d')"
            + ".getImageData(0, 0, canvas.width, canvas.height);"
            + " let n = 0; for (let i = 3; i < data.length; i += 4) n += data[i] > 0; return n; }";

    private static final int LEAST_PAINTED = 500;

    @TempDir
    private static Path results;

    private static Chromium chromium;
    private static ResultDirectory directory;

    @BeforeAll
    static void aReport() throws IOException {
        chromium = Chromium.start();
        directory = DemoRun.in(results);
        ReportHtml.write(directory);
    }

    @AfterAll
    static void close() {
        if (chromium != null) {
            chromium.close();
        }
    }

    private static Tab opened(ResultDirectory of, int width, ColorScheme scheme) {
        return chromium.tab(
                of.path().resolve("report.html").toUri().toString(), width, width == PHONE ? 740 : 1080, scheme);
    }

    private static Tab opened(int width, ColorScheme scheme) {
        Tab tab = opened(directory, width, scheme);
        tab.await(".charts canvas");
        tab.until("document.getElementById('plain').hidden");
        return tab;
    }

    /** Every chart shows something, and nothing is wider than the window. */
    private static void isWhole(Tab tab) {
        for (Locator chart : tab.find(".charts canvas").all()) {
            tab.page().waitForCondition(() -> ((Number) chart.evaluate(PAINTED)).intValue() > LEAST_PAINTED);
        }
        assertThat(((Number) tab.page().evaluate("document.documentElement.scrollWidth")).intValue())
                .isLessThanOrEqualTo(tab.page().viewportSize().width);
    }

    @Test
    void it_draws_its_charts_from_a_file_alone() {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            for (int width : List.of(PHONE, WALL)) {
                try (Tab tab = opened(width, scheme)) {
                    assertThat(tab.find(".charts canvas").count()).isGreaterThanOrEqualTo(4);
                    isWhole(tab);
                    tab.screenshot("report-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));
                }
            }
        }
    }

    @Test
    void it_asks_for_nothing_but_itself() {
        try (Tab tab = opened(WALL, ColorScheme.LIGHT)) {
            List<String> requests = new ArrayList<>();
            tab.page().onRequest(request -> requests.add(request.url()));
            tab.page().reload();
            tab.await(".charts canvas");
            requests.removeIf(url -> url.startsWith("data:")); // within the file
            assertThat(requests).containsExactly(tab.page().url());
        }
    }

    @Test
    void what_it_shows_is_what_the_summary_says_and_nothing_of_it_is_run() {
        try (Tab tab = opened(WALL, ColorScheme.LIGHT)) {
            String text = tab.find("main").innerText();
            assertThat(text).contains("DEGRADED", "</script><script>alert('1')</script>", "response_time.p99 < 20ms");
            assertThat(tab.page().title()).isEqualTo("DEGRADED · demo · Freshet");
        }
    }

    @Test
    void an_agent_is_opened_to_its_own_charts_and_closed_again() {
        try (Tab tab = opened(WALL, ColorScheme.LIGHT)) {
            tab.find(".agents button")
                    .filter(new Locator.FilterOptions().setHasText("p2"))
                    .click();
            tab.await("[data-agent-panel=p2] canvas");
            isWhole(tab);
            tab.screenshot("report-agent");
            tab.find(".agents button[aria-expanded=true]").click();
            assertThat(tab.find("[data-agent-panel]").count()).isZero();
        }
    }

    @Test
    void without_scripts_the_tables_are_there() {
        try (Tab tab = chromium.tabWithoutScripts(
                directory.path().resolve("report.html").toUri().toString())) {
            assertThat(tab.await("#plain").innerText()).contains("Ledger of the measured phase, balanced", "FAILED");
            tab.screenshot("report-plain");
        }
    }

    @Test
    void it_prints() throws IOException {
        try (Tab tab = opened(WALL, ColorScheme.DARK)) {
            isWhole(tab);
            Path printed = Path.of("target", "screenshots", "report.pdf");
            tab.page().pdf(new Page.PdfOptions().setPath(printed).setFormat("A4"));
            assertThat(printed).isNotEmptyFile();
        }
    }

    @Test
    void a_run_that_did_not_come_to_its_end_still_has_its_charts() throws IOException {
        ResultDirectory cut = DemoRun.in(results);
        Files.delete(cut.path().resolve("summary.json"));
        Files.delete(cut.path().resolve("histograms.hlog"));
        ReportHtml.write(cut);
        try (Tab tab = opened(cut, WALL, ColorScheme.LIGHT)) {
            tab.await(".charts canvas");
            assertThat(tab.find("article:not(#plain) .missing").innerText()).contains("There is no summary.json.");
            tab.screenshot("report-cut-off");
        }
    }
}

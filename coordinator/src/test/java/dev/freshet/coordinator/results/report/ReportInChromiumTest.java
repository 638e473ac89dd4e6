package dev.freshet.coordinator.results.report;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.freshet.coordinator.page.Chromium;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportInChromiumTest {
    private static final int PHONE = 360;
    private static final int WALL = 1920;

    /** How many pixels of a chart are painted: none of an empty canvas. */
    private static final String PAINTED = "canvas => { const { data } = canvas.getContext('2d')"
            + ".getImageData(0, 0, canvas.width, canvas.height);"
            + " let n = 0; for (let i = 3; i < data.length; i += 4) n += data[i] > 0; return n; }";

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

    @BeforeEach
    void forget() {
        chromium.complaints.clear();
        chromium.requests.clear();
    }

    private static String address() {
        return directory.path().resolve("report.html").toUri().toString();
    }

    private static Page opened(int width, ColorScheme scheme) {
        Page page = chromium.page(width, scheme, true);
        page.navigate(address());
        assertThat(page.locator("#plain")).isHidden();
        return page;
    }

    private static void isWhole(Page page) {
        Locator charts = page.locator(".charts canvas");
        assertThat(charts.first()).isVisible();
        page.waitForFunction("least => document.querySelectorAll('.charts canvas').length >= least", 4);
        for (Locator chart : charts.all()) {
            page.waitForCondition(() -> ((Number) chart.evaluate(PAINTED)).intValue() > 500);
        }
        assertThat(((Number) page.evaluate("document.documentElement.scrollWidth")).intValue())
                .as("nothing is wider than the window")
                .isLessThanOrEqualTo(page.viewportSize().width);
        assertThat(chromium.complaints).isEmpty();
        assertThat(chromium.requests).containsExactly(address());
    }

    @Test
    void it_draws_its_charts_from_a_file_without_complaint_or_request() {
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            for (int width : new int[] {PHONE, WALL}) {
                forget();
                Page page = opened(width, scheme);
                isWhole(page);
                Chromium.picture(page, "report-" + width + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
                page.close();
            }
        }
    }

    @Test
    void what_it_shows_is_what_the_summary_says() {
        Page page = opened(WALL, ColorScheme.LIGHT);
        isWhole(page);
        assertThat(page.locator(".verdict")).containsText("DEGRADED");
        assertThat(page.locator(".verdict")).containsText("</script><script>alert('1')</script>");
        assertThat(page.locator("body")).containsText("response_time.p99 < 20ms");
        assertThat(page).hasTitle("DEGRADED · demo · Freshet");
        page.close();
    }

    @Test
    void without_scripts_the_tables_are_there() {
        Page page = chromium.page(WALL, ColorScheme.LIGHT, false);
        page.navigate(address());
        assertThat(page.locator("#plain")).isVisible();
        assertThat(page.locator("#plain h2").filter(new Locator.FilterOptions().setHasText("Ledger")))
                .isVisible();
        Chromium.picture(page, "report-plain");
        page.close();
    }

    @Test
    void it_prints() {
        Page page = opened(WALL, ColorScheme.DARK);
        isWhole(page);
        Chromium.print(page, "report-printed");
        assertThat(Path.of("target", "screenshots", "report-printed.pdf")).isNotEmptyFile();
        page.close();
    }

    @Test
    void a_run_that_did_not_come_to_its_end_still_has_its_charts() throws IOException {
        ResultDirectory cut = DemoRun.in(results);
        Files.delete(cut.path().resolve("summary.json"));
        Files.delete(cut.path().resolve("histograms.hlog"));
        ReportHtml.write(cut);
        Page page = chromium.page(WALL, ColorScheme.LIGHT, true);
        page.navigate(cut.path().resolve("report.html").toUri().toString());
        assertThat(page.locator(".missing")).containsText("There is no summary.json.");
        assertThat(page.locator(".charts canvas").first()).isVisible();
        assertThat(chromium.complaints).isEmpty();
        page.close();
    }
}

package dev.freshet.coordinator.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.history.ArchivedRuns;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.report.DemoRun;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The runs of the past in a real browser: the list, one of them, two side by side. Served by a real coordinator from real result directories. */
@Tag("browser")
class PastRunsTest {
    @TempDir
    private static Path results;

    private static Chromium chromium;
    private static Coordinator coordinator;
    private static String url;
    private static String demo;
    private static String quick;
    private static String unfinished;

    @BeforeAll
    static void serve() throws IOException {
        chromium = Chromium.start();
        ResultDirectory slow = DemoRun.in(results);
        ResultDirectory fast = DemoRun.in(results);
        ArchivedRuns.edit(fast, "summary.json", "\"name\" : \"demo\"", "\"name\" : \"quick\"");
        ArchivedRuns.edit(fast, "summary.json", "\"status\" : \"DEGRADED\"", "\"status\" : \"VALID\"");
        ArchivedRuns.edit(fast, "summary.json", "\"lost\" : 0", "\"lost\" : 7");
        ArchivedRuns.edit(fast, "plan.yaml", "phase: staggered", "phase: aligned");
        demo = ArchivedRuns.id(slow);
        quick = ArchivedRuns.id(fast);
        unfinished = ArchivedRuns.id(new ArchivedRuns(results).unfinished());
        coordinator = new Coordinator("127.0.0.1", 0, "0.1.0", null);
        url = coordinator.serve(
                new WebOptions(InetAddress.getLoopbackAddress(), 0, null, null, Set.of(), results, true));
    }

    @AfterAll
    static void close() {
        if (coordinator != null) {
            coordinator.close();
        }
        if (chromium != null) {
            chromium.close();
        }
    }

    private static Tab open(String hash) {
        return chromium.tab(url + hash, 1280, 900, ColorScheme.LIGHT);
    }

    private static Locator rows(Tab tab) {
        return tab.find(".list tbody tr");
    }

    @Test
    void runs_are_listed_and_found_by_name_and_verdict() {
        try (Tab tab = open("#history")) {
            assertThat(rows(tab)).hasCount(3);
            List<String> ids = List.of(demo, quick, unfinished);
            assertThat(rows(tab).locator("a").all())
                    .extracting(link -> link.getAttribute("title"))
                    .isEqualTo(ids.stream().sorted((a, b) -> b.compareTo(a)).toList());
            tab.find("input[type=search]").fill("QUI");
            assertThat(rows(tab)).hasCount(1);
            assertThat(rows(tab)).containsText("quick");
            tab.find("input[type=search]").fill("");
            tab.find(".tools select").selectOption("DEGRADED");
            assertThat(rows(tab)).hasCount(1);
            assertThat(rows(tab)).containsText("demo");
            tab.find("input[type=search]").fill("none such");
            assertThat(tab.find(".empty")).hasText("No run is like that.");
        }
    }

    @Test
    void two_that_are_picked_are_compared_and_swapped() {
        try (Tab tab = open("#history")) {
            rows(tab).first().waitFor();
            tab.find("[data-run='" + demo + "']").check();
            assertThat(tab.find(".picking a")).isHidden();
            tab.find("[data-run='" + quick + "']").check();
            tab.find(".picking a").click();
            assertThat(tab.find(".compared h2")).hasText(new String[] {"demo", "quick"});
            assertThat(tab.find("table").filter(hasText("phase"))).containsText("aligned");
            assertThat(tab.find("tr").filter(hasText("achieved rate"))).containsText("the same");
            tab.await("[data-chart=compare-rate_hz] canvas");
            tab.page().getByText("Swap").click();
            assertThat(tab.find(".compared h2")).hasText(new String[] {"quick", "demo"});
        }
    }

    private static Locator.FilterOptions hasText(String text) {
        return new Locator.FilterOptions().setHasText(text);
    }

    @Test
    void better_and_worse_are_told_in_words() {
        try (Tab tab = open("#compare/" + demo + "/" + quick)) {
            Locator lost = tab.find("tbody tr").filter(hasText("lost"));
            assertThat(lost).containsText("+7");
            assertThat(lost).containsText("↑ worse");
        }
    }

    @Test
    void a_run_is_shown_with_the_figures_of_its_summary() {
        try (Tab tab = open("#run/" + demo)) {
            assertThat(tab.await("h1")).hasText("demo");
            assertThat(tab.find(".run-header")).containsText("DEGRADED");
            tab.await("[data-chart=rate] canvas");
            assertThat(tab.find("[aria-label='Percentiles by metric'] tbody tr"))
                    .hasCount(6);
            assertThat(tab.find("[aria-label='Gates'] tbody tr").filter(hasText("skipped < 0.1%")))
                    .containsText("failed");
            assertThat(tab.find("[aria-label='Agents, the worst first'] tbody th")
                            .first())
                    .containsText("p2");
            tab.find("th button").filter(hasText("p2")).click();
            tab.await("[data-agent-panel=p2] [data-chart=agent-rate] canvas");
        }
    }

    @Test
    void each_file_is_there_to_the_byte() throws IOException {
        try (Tab tab = open("#run/" + demo)) {
            Locator link = tab.await("a[download='intervals.csv']");
            Download download = tab.page().waitForDownload(link::click);
            assertThat(download.path())
                    .hasSameBinaryContentAs(results.resolve(demo).resolve("intervals.csv"));
        }
    }

    @Test
    void a_run_that_came_to_no_end_shows_what_there_is() {
        try (Tab tab = open("#run/" + unfinished)) {
            assertThat(tab.await(".missing")).containsText("summary.json");
            tab.await("[data-chart=rate] canvas");
            assertThat(tab.find("a[download='plan.yaml']")).isVisible();
        }
    }

    @Test
    void run_again_fills_the_form_with_its_plan() {
        try (Tab tab = open("#run/" + demo)) {
            tab.await("a.primary").click();
            assertThat(tab.find("#plan-name")).hasValue("demo");
            assertThat(tab.find("#plan-duration")).hasValue("120s");
            assertThat(tab.find("#plan-rate")).hasValue("");
            assertThat(tab.find("#plan-gates")).hasValue("response_time.p99 < 20ms\nskipped < 0.1%");
            tab.await(".shards tbody tr");
        }
    }

    @Test
    void a_run_that_is_not_there_is_told_in_words() {
        try (Tab tab = open("#run/20200101T000000Z-nothing")) {
            assertThat(tab.await(".complaint")).hasText("there is no run of that id");
            tab.forgive("404");
        }
    }

    @Test
    void two_runs_are_picked_and_compared_by_keyboard_alone() {
        try (Tab tab = open("#history")) {
            rows(tab).first().waitFor();
            tab.find("[data-run='" + quick + "']").focus();
            tab.page().keyboard().press("Space");
            tab.find("[data-run='" + demo + "']").focus();
            tab.page().keyboard().press("Space");
            tab.find(".picking a").focus();
            tab.page().keyboard().press("Enter");
            assertThat(tab.find(".compared h2")).hasText(new String[] {"demo", "quick"});
        }
    }

    @ParameterizedTest
    @CsvSource({"360, LIGHT", "360, DARK", "1920, LIGHT", "1920, DARK"})
    void nothing_is_wider_than_the_window(int width, ColorScheme scheme) {
        String theme = "-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT);
        for (String hash : List.of("#history", "#run/" + demo, "#compare/" + demo + "/" + quick)) {
            try (Tab tab = chromium.tab(url + hash, width, 900, scheme)) {
                tab.await(hash.equals("#history") ? ".list tbody tr" : "figure canvas");
                tab.until("[...document.querySelectorAll('.chart .plot')].every(plot => plot.querySelector('canvas'))");
                tab.screenshot(hash.substring(1).split("/")[0] + theme);
                assertThat(tab.page().evaluate("document.documentElement.scrollWidth"))
                        .as(hash)
                        .isEqualTo(width);
            }
        }
    }
}

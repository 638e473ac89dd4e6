package dev.freshet.coordinator;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import dev.freshet.coordinator.web.Chromium;
import dev.freshet.coordinator.web.Tab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run from the page's form to its result, with agents that are simulated and a coordinator that is not. */
@SuppressWarnings("try") // the fleet need only be there
class RunFromThePageTest {
    private static final double RUN_PATIENCE_MILLIS = 60_000;

    @TempDir
    private Path results;

    @Test
    void a_run_is_started_from_the_form_and_found_among_the_runs() throws Exception {
        try (Chromium chromium = Chromium.start();
                ServedCoordinator served = ServedCoordinator.open(results);
                Tab tab = chromium.tab(served.url + "#start", 1280, 900, ColorScheme.LIGHT)) {
            fill(tab);
            assertThat(tab.find("#obstacle .reason")).containsText("0 of 2 producers and 0 of 1 consumer are here");
            try (SimulatedFleet fleet = new SimulatedFleet(served.coordinator.endpoint(), 2, 1, 1)) {
                Locator start = tab.find(".becomes button.primary");
                assertThat(start).isEnabled();
                start.click();
                tab.await("[data-chart=rate] canvas");
                assertThat(tab.page()).hasURL(served.url + "#live");
                tab.page().navigate(served.url + "#start");
                assertThat(tab.find("#obstacle .reason")).containsText("is in progress");
                tab.find("#obstacle a").click();
                tab.find(".results-link a").waitFor(new Locator.WaitForOptions().setTimeout(RUN_PATIENCE_MILLIS));
            }
            tab.find(".results-link a").click();
            assertThat(tab.await(".run-header h1")).hasText("from-the-page");
            assertThat(tab.await("a[download='summary.json']")).isVisible();
            tab.page().navigate(served.url + "#history");
            assertThat(tab.find(".list tbody tr")).containsText("from-the-page");
        }
        try (Stream<Path> runs = Files.list(results)) {
            assertThat(runs)
                    .singleElement()
                    .satisfies(run -> assertThat(run.resolve("plan.yaml"))
                            .content()
                            .contains("rate: 300/s", "agents: 2", "seed: 1"));
        }
    }

    private static void fill(Tab tab) {
        tab.await("#plan-name").fill("from-the-page");
        tab.find("#plan-agents").fill("2");
        tab.find("#plan-rate").fill("300/s");
        tab.find("#plan-size").fill("1KiB");
        tab.find("#plan-duration").fill("3s");
        tab.find("#plan-warmup").fill("1s");
        assertThat(tab.find(".shards tbody tr")).hasCount(3);
    }
}

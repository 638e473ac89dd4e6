package dev.freshet.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.microsoft.playwright.CDPSession;
import com.microsoft.playwright.options.ColorScheme;
import dev.freshet.coordinator.web.ScriptedRun.Script;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page over an hour and a half of 64 agents, whose seconds go by faster than seconds. */
@Tag("browser")
class LivePageLoadTest {
    private static final int PRODUCERS = 61; // and three consumers
    private static final int HOUR_SECONDS = 3600;
    private static final int STEP_SECONDS = 30;
    private static final int LIVE_SECONDS = 10;

    @Test
    void an_hour_of_64_agents_leaves_memory_flat_and_frames_short() {
        try (Chromium chromium = Chromium.start();
                SimulatedCoordinator coordinator = new SimulatedCoordinator(0)) {
            coordinator.begin(
                    Script.of(PRODUCERS, 3 * HOUR_SECONDS).losing(2000).stepping(1000));
            coordinator.play(1);
            try (Tab tab = chromium.tab(coordinator.url(), 1920, 1080, ColorScheme.LIGHT)) {
                tab.await("[data-chart=rate] canvas");
                CDPSession devtools = tab.page().context().newCDPSession(tab.page());
                devtools.send("Performance.enable");
                play(coordinator, tab, HOUR_SECONDS / 2 - 1);
                double half = heapMegabytes(devtools);
                play(coordinator, tab, HOUR_SECONDS / 2);
                double hour = heapMegabytes(devtools);
                play(coordinator, tab, HOUR_SECONDS / 2);
                double later = heapMegabytes(devtools);
                System.out.printf(
                        "64 agents: heap %.1f MB after half an hour, %.1f after an hour, %.1f after an hour and a half%n",
                        half, hour, later);
                assertThat(hour - half).isLessThan(6); // the rows of half an hour
                assertThat(later - hour).isLessThan(2);
                List<Double> tasks = chromium.taskMillis(tab, () -> live(coordinator, tab));
                System.out.printf(
                        "64 agents, 3600 rows, %d s: %.0f ms of processor time in all, longest task %.1f ms%n",
                        LIVE_SECONDS, tasks.stream().mapToDouble(each -> each).sum(), tasks.get(tasks.size() - 1));
                assertThat(tasks.get(tasks.size() - 1)).isBetween(0.5, 100.0);
            }
        }
    }

    private static void play(SimulatedCoordinator coordinator, Tab tab, int seconds) {
        for (int played = 0; played < seconds; played += STEP_SECONDS) {
            coordinator.play(Math.min(STEP_SECONDS, seconds - played));
            tab.page().waitForTimeout(50);
        }
        int last = coordinator.lastRow().interval();
        tab.await("[data-chart=bytes][data-second='" + last + "']");
    }

    /** In use after everything that can be let go has been. */
    private static double heapMegabytes(CDPSession devtools) {
        devtools.send("HeapProfiler.collectGarbage");
        return StreamSupport.stream(
                                devtools.send("Performance.getMetrics")
                                        .getAsJsonArray("metrics")
                                        .spliterator(),
                                false)
                        .map(JsonElement::getAsJsonObject)
                        .filter(metric -> metric.get("name").getAsString().equals("JSHeapUsedSize"))
                        .mapToDouble(metric -> metric.get("value").getAsDouble())
                        .findFirst()
                        .orElseThrow()
                / 1e6;
    }

    /** Seconds that take one. */
    private static void live(SimulatedCoordinator coordinator, Tab tab) {
        for (int i = 0; i < LIVE_SECONDS; i++) {
            coordinator.play(1);
            tab.page().waitForTimeout(1000);
        }
    }
}

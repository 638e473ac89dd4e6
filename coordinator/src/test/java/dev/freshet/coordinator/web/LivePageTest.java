package dev.freshet.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.WaitForSelectorState;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.Quantiles;
import dev.freshet.coordinator.web.ScriptedRun.Script;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The live view in a real browser, of a run that is made up. */
@Tag("browser")
class LivePageTest {
    private static Chromium chromium;
    private SimulatedCoordinator coordinator;

    @BeforeAll
    static void startChromium() {
        chromium = Chromium.start();
    }

    @AfterAll
    static void closeChromium() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @BeforeEach
    void startCoordinator() {
        coordinator = new SimulatedCoordinator(0);
    }

    @AfterEach
    void closeCoordinator() {
        coordinator.close();
    }

    private Tab open() {
        return chromium.tab(coordinator.url(), 1280, 900, ColorScheme.LIGHT);
    }

    @Test
    void a_newcomer_gets_the_history_and_each_second_says_what_its_row_says() {
        coordinator.begin(Script.of(4, 600));
        coordinator.play(120);
        try (Tab tab = open()) {
            tab.await("[data-chart=rate][data-second='119']");
            tab.until("document.querySelector('[data-chart=rate] [data-value]') !== null");
            coordinator.play(1);
            tab.await("[data-chart=rate][data-second='120']");
            FleetInterval row = coordinator.lastRow();
            assertThat(values(tab, "rate")).containsExactly(plain(row.targetHertz()), String.valueOf(row.rateHertz()));
            assertThat(values(tab, "bytes")).containsExactly(String.valueOf(row.bytesPerSecond()));
            Quantiles response = row.responseTime();
            assertThat(values(tab, "latency"))
                    .containsExactly(Stream.of(
                                    response.p50Micros(),
                                    response.p90Micros(),
                                    response.p99Micros(),
                                    response.p999Micros(),
                                    response.maxMicros())
                            .map(String::valueOf)
                            .toArray(String[]::new));
        }
    }

    private static List<String> values(Tab tab, String chart) {
        return tab.find("[data-chart=" + chart + "] .readout b").all().stream()
                .map(value -> value.getAttribute("data-value"))
                .toList();
    }

    private static String plain(double value) {
        return String.valueOf(Math.round(value));
    }

    @Test
    void a_lost_agent_is_named_and_the_shortfall_shaded() {
        coordinator.begin(Script.of(4, 300).losing(60));
        coordinator.play(59);
        try (Tab tab = open()) {
            tab.await("[data-chart=rate][data-second='58']");
            double before = stripedShare(tab);
            coordinator.play(60);
            tab.await("[data-chart=rate][data-second='118']");
            assertThat(tab.await(".agents tr[data-state=lost]").getAttribute("data-agent"))
                    .isEqualTo("p3");
            assertThat(tab.find(".agents tbody tr").first().textContent()).contains("p3", "lost");
            assertThat(tab.await(".events tr[data-kind=lost]").textContent()).contains("p3", "no heartbeat");
            assertThat(Integer.parseInt(tab.find("[data-chart=rate]").getAttribute("data-shortfall")))
                    .isBetween(59 * 150, 60 * 150 + 200);
            assertThat(tab.find("#announcements").textContent()).contains("Agent p3 was lost");
            assertThat(stripedShare(tab)).isGreaterThan(before + 0.02);
        }
    }

    /** The share of the rate chart's pixels that have the colour of the shortfall. */
    private static double stripedShare(Tab tab) {
        return ((Number) tab.page().evaluate("""
                        () => {
                          const canvas = document.querySelector('[data-chart=rate] canvas');
                          const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
                          copy.drawImage(canvas, 0, 0);
                          const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
                          let striped = 0;
                          for (let i = 0; i < data.length; i += 4) {
                            striped += data[i + 3] > 0 && data[i] > data[i + 2] + 40 ? 1 : 0;
                          }
                          return striped / (data.length / 4);
                        }""")).doubleValue();
    }

    @Test
    void a_ledger_that_does_not_close_is_red_and_says_so_in_words() {
        coordinator.begin(Script.of(4, 300).notClosing());
        coordinator.play(8);
        try (Tab tab = open()) {
            tab.await(".ledger[data-closes=true]");
            coordinator.play(10);
            assertThat(tab.await(".ledger[data-closes=false] header").textContent())
                    .contains("does not close");
            assertThat(tab.find("[data-account=scheduled]").textContent()).contains("17 not accounted for");
            assertThat(tab.find("[data-account][data-closes=true]").count()).isEqualTo(3);
            assertThat(tab.find("[data-account=scheduled] .icon.bad").count()).isEqualTo(1);
        }
    }

    @Test
    void agents_are_sorted_worst_first_and_by_any_column_with_mouse_and_keyboard() {
        coordinator.begin(Script.of(12, 300));
        coordinator.play(30);
        try (Tab tab = open()) {
            tab.await(".agents tr[data-agent=p12]");
            assertThat(agents(tab)).startsWith("p5", "p12", "c1");
            tab.find("[data-column=name] button").click();
            assertThat(agents(tab)).startsWith("c1", "p1", "p2", "p3").endsWith("p11", "p12");
            tab.find("[data-column=lateness] button").focus();
            tab.page().keyboard().press("Enter");
            assertThat(tab.find("[data-column=lateness]").getAttribute("aria-sort"))
                    .isEqualTo("descending");
            assertThat(agents(tab).subList(0, 2)).containsExactlyInAnyOrder("p5", "p12");
        }
    }

    private static List<String> agents(Tab tab) {
        return tab.find(".agents tbody tr").all().stream()
                .map(row -> row.getAttribute("data-agent"))
                .toList();
    }

    @Test
    void a_row_opens_the_agents_own_charts_with_their_past_and_what_comes() {
        coordinator.begin(Script.of(4, 300));
        coordinator.play(50);
        try (Tab tab = open()) {
            tab.await(".agents tr[data-agent=p2] button").focus();
            tab.page().keyboard().press("Enter");
            tab.await("[data-agent-panel=p2] [data-chart=agent-rate][data-second='49']");
            coordinator.play(1);
            tab.await("[data-agent-panel=p2] [data-chart=agent-rate][data-second='50']");
            assertThat(tab.page().evaluate("document.activeElement.textContent"))
                    .isEqualTo("p2");
            tab.screenshot("live-agent");
            tab.page().keyboard().press("Enter");
            assertThat(tab.find("[data-agent-panel]").count()).isZero();
        }
    }

    @Test
    void charts_zoom_and_move_their_cursors_together() {
        coordinator.begin(Script.of(4, 600));
        coordinator.play(300);
        try (Tab tab = open()) {
            tab.await("[data-chart=rate][data-second='299'] canvas");
            tab.find("[data-chart=rate] .plot").focus();
            tab.page().keyboard().press("ArrowLeft");
            tab.await("[data-chart=rate][data-second='298']");
            tab.await("[data-chart=latency][data-second='298']");
            tab.page().keyboard().press("+");
            tab.await("button:has-text('Reset zoom')").click();
            assertThat(tab.find("button:has-text('Reset zoom')").isVisible()).isFalse();
        }
    }

    @Test
    void silence_raises_a_banner_and_news_take_it_away_without_a_row_lost_or_doubled() {
        coordinator.begin(Script.of(4, 300));
        coordinator.play(20);
        try (Tab tab = open()) {
            tab.await("[data-chart=rate][data-second='19']");
            assertThat(tab.await("#stale:not([hidden])").textContent()).contains("No news", "3 s");
            coordinator.hangUp();
            coordinator.play(5);
            coordinator.open();
            tab.await("[data-chart=rate][data-second='24']");
            assertThat(tab.find("#stale").isVisible()).isFalse();
            coordinator.play(1);
            tab.await("[data-chart=rate][data-second='25']");
            tab.find("summary").click();
            assertThat(tab.find("details tbody th").allTextContents())
                    .hasSize(12)
                    .doesNotHaveDuplicates();
            tab.forgive("ERR_"); // the browser's own words about the connection that we broke
        }
    }

    @Test
    void a_hidden_tab_has_no_connection_and_catches_up_when_it_is_looked_at() {
        coordinator.begin(Script.of(4, 300));
        coordinator.play(20);
        try (Tab tab = open()) {
            tab.await("[data-chart=rate][data-second='19']");
            show(tab, false);
            tab.await("#connection[data-state=paused]");
            await(() -> coordinator.viewers() == 0);
            coordinator.play(7);
            tab.page().waitForRequest(request -> request.url().contains("last-event-id="), () -> show(tab, true));
            tab.await("[data-chart=rate][data-second='26']");
            tab.find("summary").click();
            assertThat(tab.find("details tbody th").allTextContents())
                    .hasSize(12)
                    .doesNotHaveDuplicates();
        }
    }

    /** A browser without windows hides no tabs, so the page is told that it is hidden. */
    private static void show(Tab tab, boolean shown) {
        tab.page()
                .evaluate(
                        "(hidden) => { Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });"
                                + " document.dispatchEvent(new Event('visibilitychange')); }",
                        !shown);
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void a_run_is_stopped_and_its_rate_changed_after_a_question() {
        coordinator.begin(Script.of(4, 300));
        coordinator.play(20);
        try (Tab tab = open()) {
            tab.await("button:has-text('Change rate')").click();
            tab.await("dialog input").fill("900/s");
            tab.find("dialog button:has-text('Change it')").click();
            tab.find("dialog[open]").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
            tab.await("button:has-text('Stop')").click();
            tab.find("dialog button:has-text('Cancel')").click();
            assertThat(coordinator.orders()).containsExactly("rate 900.0");
            tab.await("button:has-text('Stop')").click();
            tab.find("dialog button:has-text('Stop the run')").click();
            tab.find("dialog[open]").waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
            assertThat(coordinator.orders()).containsExactly("rate 900.0", "stop");
        }
    }

    @Test
    void whoever_may_only_look_sees_no_buttons() {
        coordinator.control("none");
        coordinator.begin(Script.of(4, 300));
        coordinator.play(20);
        try (Tab tab = open()) {
            tab.await("[data-chart=rate][data-second='19']");
            assertThat(tab.find("button:has-text('Stop')").isVisible()).isFalse();
            assertThat(tab.find("button:has-text('Change rate')").isVisible()).isFalse();
        }
    }

    @Test
    void the_end_has_a_verdict_with_reasons_and_a_way_to_the_results() {
        coordinator.begin(Script.of(4, 40).losing(20));
        coordinator.play(30);
        try (Tab tab = open()) {
            tab.await("[data-chart=rate][data-second='29']");
            coordinator.play(10);
            assertThat(tab.await(".run-header .reasons").textContent()).contains("Producer p3 was lost");
            assertThat(tab.find(".run-header").textContent()).contains("DEGRADED", "agents lost");
            assertThat(tab.await(".results-link a").getAttribute("href")).isEqualTo("#run/20261124T085958Z-scripted");
            assertThat(tab.find("button:has-text('Stop')").isVisible()).isFalse();
            tab.screenshot("live-over");
        }
    }

    @Test
    void the_next_run_takes_the_place_of_the_last_with_the_opened_agent() {
        coordinator.begin(Script.of(4, 40));
        coordinator.play(40);
        try (Tab tab = open()) {
            tab.await(".agents tr[data-agent=p2] button").click();
            tab.await("[data-agent-panel=p2] [data-chart=agent-rate][data-second='39']");
            coordinator.begin(Script.of(4, 40));
            coordinator.play(6);
            tab.await("[data-chart=rate][data-second='5']");
            tab.await("[data-agent-panel=p2] [data-chart=agent-rate][data-second='5']");
        }
    }

    @Test
    void the_theme_is_the_systems_until_the_reader_chooses_and_is_kept() {
        try (Tab tab = open()) {
            tab.await(".empty");
            Object light = background(tab);
            tab.page().keyboard().press("t"); // light
            tab.page().keyboard().press("t"); // dark
            assertThat(background(tab)).isNotEqualTo(light);
            tab.page().reload();
            tab.await(".empty");
            assertThat(background(tab)).isNotEqualTo(light);
        }
    }

    private static Object background(Tab tab) {
        return tab.page().evaluate("getComputedStyle(document.documentElement).backgroundColor");
    }

    @Test
    void a_question_mark_lists_the_keys() {
        try (Tab tab = open()) {
            tab.await(".empty");
            tab.page().keyboard().press("?");
            assertThat(tab.await("#shortcuts[open]").textContent()).contains("Theme", "On a chart");
        }
    }

    @Test
    void the_first_load_is_small() {
        coordinator.begin(Script.of(4, 300));
        coordinator.play(20);
        try (Tab tab = open()) {
            tab.await("[data-chart=rate] canvas");
            long bytes = ((Number) tab.page().evaluate("""
                            performance.getEntriesByType('navigation').concat(performance.getEntriesByType('resource'))
                              .filter((entry) => !entry.name.includes('/api/'))
                              .reduce((sum, entry) => sum + entry.transferSize, 0)""")).longValue();
            System.out.println("first load: " + bytes + " bytes on the wire");
            assertThat(bytes).isBetween(30_000L, 200L << 10);
        }
    }

    @ParameterizedTest
    @CsvSource({"360, 780", "1280, 900", "1920, 1080"})
    void nothing_is_wider_than_the_window_in_light_and_dark(int width, int height) {
        coordinator.begin(Script.of(8, 300).losing(200).stepping(120));
        coordinator.play(260);
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            try (Tab tab = chromium.tab(coordinator.url(), width, height, scheme)) {
                tab.await("[data-chart=rate][data-second='259'] canvas");
                tab.page().waitForTimeout(1500);
                tab.screenshot("live-" + width + "-" + scheme.name().toLowerCase(Locale.ROOT));
                assertThat(tab.page().evaluate("document.documentElement.scrollWidth"))
                        .isEqualTo(width);
            }
        }
    }

    @Test
    void without_agents_the_page_says_how_to_start_one() {
        try (Tab tab = open()) {
            assertThat(tab.await(".empty pre").textContent())
                    .contains("freshet agent --coordinator tcp://127.0.0.1:5550 --role producer");
            tab.screenshot("live-empty");
        }
    }
}

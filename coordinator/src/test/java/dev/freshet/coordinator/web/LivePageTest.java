package dev.freshet.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import dev.freshet.coordinator.web.ScriptedRun.Script;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The live view in a real browser, of a run that is made up. */
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

    @ParameterizedTest
    @CsvSource({"360, 780", "1280, 900", "1920, 1080"})
    void nothing_is_wider_than_the_window_in_light_and_dark(int width, int height) {
        coordinator.begin(Script.of(8, 300).losing(200).stepping(120));
        coordinator.play(260);
        for (ColorScheme scheme : new ColorScheme[] {ColorScheme.LIGHT, ColorScheme.DARK}) {
            try (Tab tab = chromium.tab(coordinator.url(), width, height, scheme)) {
                tab.await("[data-chart=rate][data-second='259'] canvas");
                tab.page().waitForTimeout(1500);
                tab.screenshot("live-" + width + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT));
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

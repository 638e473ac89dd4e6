package dev.freshet.coordinator.web;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/** The installed Chromium, without a window. Where there is none, tests that want it are skipped, and say so; where CI is set, they fail. */
public final class Chromium implements AutoCloseable {
    private static final List<Path> PLACES = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));

    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--js-flags=--expose-gc",
            "--enable-precise-memory-info");

    private final Playwright playwright;
    private final Browser browser;

    private Chromium(Path executable) {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(executable)
                        .setArgs(ARGUMENTS));
    }

    /** Skips the test that asks, loudly, if there is none to start. */
    public static Chromium start() {
        Path executable =
                PLACES.stream().filter(Files::isExecutable).findFirst().orElse(null);
        if (executable == null && System.getenv("CI") == null) {
            System.out.println("SKIPPED: the tests of the page need Chromium (apt-get install chromium)");
            Assumptions.abort("no Chromium here");
        }
        if (executable == null) {
            throw new IllegalStateException("CI is set, so Chromium must be installed; looked at " + PLACES);
        }
        return new Chromium(executable);
    }

    /** A fresh tab, as a reader has it who comes for the first time. */
    public Tab tab(String url, int width, int height, ColorScheme scheme) {
        return new Tab(
                browser.newContext(new Browser.NewContextOptions()
                        .setViewportSize(width, height)
                        .setColorScheme(scheme)
                        .setTimezoneId("UTC")
                        .setLocale("en-GB")),
                url);
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}

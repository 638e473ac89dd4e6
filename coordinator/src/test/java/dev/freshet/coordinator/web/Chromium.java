package dev.freshet.coordinator.web;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
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
                browser.newContext(options().setViewportSize(width, height).setColorScheme(scheme)), url);
    }

    /** As a reader has it who lets no page run scripts. */
    public Tab tabWithoutScripts(String url) {
        return new Tab(browser.newContext(options().setJavaScriptEnabled(false)), url);
    }

    private static Browser.NewContextOptions options() {
        return new Browser.NewContextOptions().setTimezoneId("UTC").setLocale("en-GB");
    }

    /**
     * Processor time of each task of the page's main thread while something is done, in milliseconds, ascending. Not the time that went by: whoever else
     * is busy on the machine must not count.
     */
    List<Double> taskMillis(Tab tab, Runnable work) {
        browser.startTracing(
                tab.page(),
                new Browser.StartTracingOptions()
                        .setCategories(List.of("toplevel", "disabled-by-default-devtools.timeline")));
        work.run();
        List<JsonObject> events = StreamSupport.stream(
                        JsonParser.parseString(new String(browser.stopTracing(), StandardCharsets.UTF_8))
                                .getAsJsonObject()
                                .getAsJsonArray("traceEvents")
                                .spliterator(),
                        false)
                .map(JsonElement::getAsJsonObject)
                .toList();
        Set<String> pageThreads = events.stream()
                .filter(event -> event.get("name").getAsString().equals("thread_name")
                        && event.getAsJsonObject("args")
                                .get("name")
                                .getAsString()
                                .equals("CrRendererMain"))
                .map(Chromium::thread)
                .collect(Collectors.toSet());
        return events.stream()
                .filter(event -> event.get("name").getAsString().endsWith("RunTask")
                        && event.has("tdur")
                        && pageThreads.contains(thread(event)))
                .map(event -> event.get("tdur").getAsDouble() / 1000)
                .sorted()
                .toList();
    }

    private static String thread(JsonObject event) {
        return event.get("pid") + "/" + event.get("tid");
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}

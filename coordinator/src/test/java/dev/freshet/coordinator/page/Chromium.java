package dev.freshet.coordinator.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The system's own Chromium, headless, with a record of what a page complained of and what it asked for. Pictures are kept with the test's output. */
public final class Chromium implements AutoCloseable {
    private static final Path EXECUTABLE = Path.of("/usr/bin/chromium");
    private static final Path PICTURES = Path.of("target", "screenshots");
    private static final List<String> ARGUMENTS = List.of(
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    private final Playwright playwright;
    private final Browser browser;

    /** Errors and warnings of the console, and exceptions that nobody caught. */
    public final List<String> complaints = new CopyOnWriteArrayList<>();

    /** The addresses that were asked for; data: addresses are within the page. */
    public final List<String> requests = new CopyOnWriteArrayList<>();

    private Chromium() {
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(EXECUTABLE)
                        .setArgs(ARGUMENTS));
    }

    /** Skips the test, loudly, where there is no Chromium; where CI is set that is an error. */
    public static Chromium start() {
        if (!Files.isExecutable(EXECUTABLE)) {
            String missing = "SKIPPED: no " + EXECUTABLE + " here, so the page is not tried in a browser";
            System.out.println(missing);
            if (System.getenv("CI") != null) {
                throw new AssertionError(missing);
            }
            assumeTrue(false, missing);
        }
        return new Chromium();
    }

    /** An empty page of that width in CSS pixels. */
    public Page page(int width, ColorScheme scheme, boolean javaScript) {
        BrowserContext context = browser.newContext(new Browser.NewContextOptions()
                .setViewportSize(width, width < 600 ? 740 : 1080)
                .setColorScheme(scheme)
                .setJavaScriptEnabled(javaScript));
        Page page = context.newPage();
        page.onConsoleMessage(message -> {
            if (!message.type().equals("log")) {
                complaints.add(message.type() + ": " + message.text());
            }
        });
        page.onPageError(error -> complaints.add("uncaught: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith("data:")) {
                requests.add(request.url());
            }
        });
        return page;
    }

    /** Keeps a picture of the whole page. */
    public static void picture(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(PICTURES.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** Keeps the page as it is printed. */
    public static void print(Page page, String name) {
        page.pdf(new Page.PdfOptions().setPath(PICTURES.resolve(name + ".pdf")).setFormat("A4"));
    }

    @Override
    public void close() {
        browser.close();
        playwright.close();
    }
}

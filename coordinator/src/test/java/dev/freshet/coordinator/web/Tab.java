package dev.freshet.coordinator.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A browser's tab with our page. Closing it fails if the page complained on the console, threw, or asked anybody but its own coordinator. */
public final class Tab implements AutoCloseable {
    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int PATIENCE_MILLIS = 15_000;
    private static final int POLL_MILLIS = 50;

    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    Tab(BrowserContext context, String url) {
        this.context = context;
        page = context.newPage();
        page.setDefaultTimeout(PATIENCE_MILLIS);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add("console: " + message.text() + " (" + message.location() + ")");
            }
        });
        page.onPageError(error -> complaints.add("page: " + error));
        page.onRequest(request -> {
            if (!request.url().startsWith(origin(url)) && !request.url().startsWith("data:")) {
                complaints.add("left the coordinator: " + request.url());
            }
        });
        page.navigate(url);
    }

    private static String origin(String url) {
        return url.substring(0, url.indexOf('/', "https://".length()) + 1);
    }

    public Page page() {
        return page;
    }

    public Locator find(String selector) {
        return page.locator(selector);
    }

    /** Waits for the one element to be seen. */
    public Locator await(String selector) {
        Locator found = page.locator(selector).first();
        found.waitFor();
        return found;
    }

    /** Waits until an expression of JavaScript is true. */
    public void until(String expression) {
        // asked from outside: what waits within the page needs eval, which the page's own policy forbids
        long deadline = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
        while (!Boolean.TRUE.equals(page.evaluate(expression))) {
            assertThat(System.nanoTime()).as("waited in vain for " + expression).isLessThan(deadline);
            page.waitForTimeout(POLL_MILLIS);
        }
    }

    /** Below {@code target/screenshots}, to look at. */
    public void screenshot(String name) {
        // what is below the window is not painted until somebody comes near it, and a picture of the whole page does
        // not
        page.evaluate(
                "document.querySelectorAll('.card').forEach((card) => { card.style.contentVisibility = 'visible'; })");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(SCREENSHOTS.resolve(name + ".png"))
                .setFullPage(true));
    }

    /** Complaints that a test brings about on purpose: a connection that is refused is one for the browser. */
    public void forgive(String part) {
        complaints.removeIf(complaint -> complaint.contains(part));
    }

    @Override
    public void close() {
        context.close();
        assertThat(complaints).isEmpty();
    }
}

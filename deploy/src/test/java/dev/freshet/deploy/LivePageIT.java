package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.options.ColorScheme;
import dev.freshet.coordinator.web.Chromium;
import dev.freshet.coordinator.web.Tab;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole as a person has it before them: a coordinator, standing agents, all of them processes, and the page in a real browser. */
@Tag("browser")
class LivePageIT {
    private static final Pattern URL = Pattern.compile("http://127\\.0\\.0\\.1:\\d+/");

    @TempDir
    private Path directory;

    private int controlPort;

    private FreshetProcess start(String name, String... arguments) throws IOException {
        return FreshetProcess.start(Files.createDirectories(directory.resolve(name)), arguments);
    }

    private FreshetProcess agent(String name, String role) throws IOException {
        return start(name, "agent", "--role", role, "--name", name, "--coordinator", "tcp://127.0.0.1:" + controlPort);
    }

    private FreshetProcess coordinator() throws IOException {
        try (ServerSocket probe = new ServerSocket(0)) {
            controlPort = probe.getLocalPort();
        }
        return start("coordinator", "coordinator", "--port", "0", "--control-port", String.valueOf(controlPort));
    }

    private static String url(FreshetProcess coordinator) throws InterruptedException {
        coordinator.await(
                "the page's address", () -> URL.matcher(coordinator.stderr()).find());
        Matcher url = URL.matcher(coordinator.stderr());
        assertThat(url.find()).isTrue();
        return url.group();
    }

    @Test
    void a_run_is_started_watched_stopped_found_again_compared_and_downloaded() throws Exception {
        try (Chromium chromium = Chromium.start();
                FreshetProcess coordinator = coordinator();
                FreshetProcess p1 = agent("p1", "producer");
                FreshetProcess p2 = agent("p2", "producer");
                FreshetProcess p3 = agent("p3", "producer");
                FreshetProcess c1 = agent("c1", "consumer");
                Tab tab = chromium.tab(url(coordinator), 1280, 900, ColorScheme.LIGHT)) {
            startFromTheForm(tab);
            Map<Integer, List<String>> shown = watchUntilTheTargetIsReached(tab);
            p2.signal("KILL");
            seeTheLossNamedAndTheShortfallShaded(tab);
            stop(tab);
            Path results = onlyRun();
            assertThat(new Results(results)
                            .summary()
                            .get("ledger")
                            .get("balanced")
                            .asBoolean())
                    .isTrue();
            theSecondsThatWereShownStandInTheFile(shown, results.resolve("intervals.csv"));
            secondRun(url(coordinator));
            findCompareAndDownload(tab, results);
            for (FreshetProcess process : List.of(p1, p3, c1)) {
                assertThat(process.handle().isAlive()).as(process.stderr()).isTrue();
            }
            lookAtIt(chromium, url(coordinator), results.getFileName().toString());
        }
    }

    private void startFromTheForm(Tab tab) {
        tab.await("nav a[data-view=start]").click();
        tab.await("#plan-name").fill("evening");
        Map<String, String> plan = new LinkedHashMap<>();
        plan.put("agents", "3");
        plan.put("rate", "90/s");
        plan.put("size", "64KiB");
        plan.put("duration", "10m");
        plan.forEach((key, value) -> tab.find("#plan-" + key).fill(value));
        tab.until("document.querySelector('.becomes table')?.textContent.includes('p3')");
        tab.until("!document.querySelector('.start-form button[type=submit]').disabled");
        tab.find(".start-form button[type=submit]").click();
    }

    /** The page's figures of some seconds, as it showed them: target and rate. */
    private Map<Integer, List<String>> watchUntilTheTargetIsReached(Tab tab) {
        tab.until("Number(document.querySelector('[data-chart=rate]')?.dataset.second) >= 3");
        Map<Integer, List<String>> shown = new LinkedHashMap<>();
        for (int i = 0; i < 3; i++) {
            @SuppressWarnings("unchecked")
            List<String> seen = (List<String>) tab.page().evaluate("""
                    (() => { const chart = document.querySelector('[data-chart=rate]');
                      return [chart.dataset.second, ...[...chart.querySelectorAll('.readout b')].map((b) => b.dataset.value)] })()
                    """);
            shown.put(Integer.valueOf(seen.get(0)), seen.subList(1, seen.size()));
            tab.until("Number(document.querySelector('[data-chart=rate]').dataset.second) > " + seen.get(0));
        }
        assertThat(shown.values()).anySatisfy(figures -> assertThat(figures).containsExactly("90", "90"));
        return shown;
    }

    private static void seeTheLossNamedAndTheShortfallShaded(Tab tab) {
        assertThat(tab.await(".agents tr[data-state=lost]").getAttribute("data-agent"))
                .isEqualTo("p2");
        assertThat(tab.await(".events tr[data-kind=lost]").textContent()).contains("p2");
        // two thirds of the rate are left: a second later some 30 messages are missing, and more with each one
        tab.until("Number(document.querySelector('[data-chart=rate]').dataset.shortfall) >= 60");
        tab.screenshot("fleet-lost-agent");
    }

    private static void stop(Tab tab) {
        tab.await("button:has-text('Stop')").click();
        tab.await("dialog button:has-text('Stop the run')").click();
        tab.await("[data-state=stopped]");
    }

    private Path onlyRun() throws IOException {
        try (var runs = Files.list(directory.resolve("coordinator/results"))) {
            List<Path> all = runs.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private static void theSecondsThatWereShownStandInTheFile(Map<Integer, List<String>> shown, Path intervals)
            throws IOException {
        List<String> lines = Files.readAllLines(intervals);
        List<String> columns = Arrays.asList(lines.get(0).split(","));
        Map<Integer, List<String>> written = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",", -1);
            if (Double.parseDouble(cells[columns.indexOf("target_hz")]) > 0) {
                written.put(
                        Integer.valueOf(cells[0]),
                        List.of(
                                cells[columns.indexOf("target_hz")].replaceFirst("\\.0$", ""),
                                cells[columns.indexOf("rate_hz")]));
            }
        }
        assertThat(shown).hasSize(3);
        shown.forEach((second, figures) -> assertThat(written.get(second)).isEqualTo(figures));
    }

    private static void secondRun(String url) throws Exception {
        HttpClient http = HttpClient.newHttpClient();
        HttpResponse<String> begun = http.send(
                HttpRequest.newBuilder(URI.create(url + "api/v1/runs?patience=20s"))
                        .header("Content-Type", "application/yaml")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                "name: morning\nagents: 2\nrate: 60/s\nsize: 64KiB\nduration: 3s\nwarmup: 1s\n"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
    }

    private static void findCompareAndDownload(Tab tab, Path results) throws IOException {
        tab.await("[data-state=done]"); // the live view has turned to the second run
        tab.find("nav a[data-view=history]").click();
        tab.await("#main a:has-text('evening')");
        tab.await("#main a:has-text('morning')");
        tab.find("#main input[type=checkbox]").all().forEach(box -> box.check());
        tab.screenshot("fleet-history");
        tab.await("a:has-text('Compare'), button:has-text('Compare')").click();
        assertThat(tab.await("table:has(caption:has-text('Figures of both runs'))")
                        .textContent())
                .contains("achieved rate");
        assertThat(tab.await("table:has(caption:has-text('What differs'))").textContent())
                .contains("90/s", "60/s");
        tab.screenshot("fleet-compare");
        tab.find("nav a[data-view=history]").click();
        tab.await("#main a:has-text('evening')").click();
        Download download = tab.page()
                .waitForDownload(() -> tab.await("a[download='measurements.csv']:not([href*=agents])")
                        .click());
        assertThat(Files.readAllBytes(download.path()))
                .isEqualTo(Files.readAllBytes(results.resolve("measurements.csv")));
    }

    private static void lookAtIt(Chromium chromium, String url, String run) {
        for (int width : List.of(360, 1920)) {
            for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
                for (String view : List.of("live", "run/" + run)) {
                    try (Tab tab = chromium.tab(url + "#" + view, width, 900, scheme)) {
                        tab.await("#main > *");
                        tab.page().waitForTimeout(700); // for the eye only
                        tab.screenshot("fleet-" + view.replaceAll("/.*", "") + "-" + width + "-"
                                + scheme.name().toLowerCase(Locale.ROOT));
                        assertThat((int) tab.page().evaluate("document.documentElement.scrollWidth"))
                                .as(view + " at " + width)
                                .isLessThanOrEqualTo(width);
                    }
                }
            }
        }
    }
}

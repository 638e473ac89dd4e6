package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs: the command, its agents as processes, real sockets, and the files that it leaves. */
class FleetRunTest {
    @TempDir
    private Path directory;

    private static final String[] SMALL = {
        "run", "--agents", "2", "--rate", "200/s", "--size", "16KiB", "--duration", "3s", "--warmup", "1s"
    };

    private static String[] with(String[] arguments, String... more) {
        String[] all = java.util.Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return all;
    }

    @Test
    void a_run_leaves_books_that_balance_and_that_an_outsider_can_check() throws Exception {
        FreshetProcess freshet = FreshetProcess.run(directory, with(SMALL, "--gate", "loss == 0"));
        assertThat(freshet.exitCode()).as(freshet.stderr() + freshet.stdout()).isZero();
        Results results = new Results(freshet.results());

        JsonNode ledger = results.summary().get("ledger");
        assertThat(ledger.get("balanced").asBoolean()).isTrue();
        assertThat(ledger.get("scheduled").asLong()).isEqualTo(600);
        assertThat(ledger.get("lost").asLong()).isZero();
        assertThat(ledger.get("measured").asLong())
                .isEqualTo(600 - ledger.get("skipped").asLong());

        List<Map<String, String>> rows = results.csv("measurements.csv");
        assertThat(rows).hasSize((int) ledger.get("measured").asLong());
        List<Long> sent = rows.stream().map(row -> Long.valueOf(row.get("t1"))).toList();
        assertThat(sent).isSorted();
        percentilesAgree(results, rows);
        intervalsAddUp(results);
        histogramsAddUp(results);
        assertThat(results.csv("network.csv").stream()
                        .map(row -> row.get("agent"))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("p1", "p2", "c1");
        assertThat(results.directory().resolve("plan.yaml")).exists();
        assertThat(Files.readAllLines(results.directory().resolve("events.jsonl")))
                .hasSizeGreaterThan(8);
    }

    private static void percentilesAgree(Results results, List<Map<String, String>> rows) throws IOException {
        Map<String, String> columnOf = Map.of(
                "total", "total_delay_ms",
                "network", "network_delay_ms",
                "processing", "processing_delay_ms",
                "clock_offset", "clock_offset_ms");
        for (Map.Entry<String, String> metric : columnOf.entrySet()) {
            List<Double> micros = rows.stream()
                    .map(row -> Double.parseDouble(row.get(metric.getValue())) * 1000)
                    .sorted()
                    .toList();
            JsonNode summary = results.summary().get("latency").get(metric.getKey());
            for (double percent : new double[] {50, 70, 90, 99}) {
                double expected = Results.percentile(micros, percent);
                assertThat(summary.get("p" + Math.round(percent) + "_us").asDouble())
                        .as(metric.getKey() + " p" + percent)
                        // three significant digits, and whole microseconds
                        .isCloseTo(expected, within(Math.abs(expected) / 1000 + 1));
            }
        }
    }

    private static void intervalsAddUp(Results results) throws IOException {
        List<Map<String, String>> measured = results.csv("intervals.csv").stream()
                .filter(row -> row.get("phase").equals("measured"))
                .toList();
        for (String line : List.of("scheduled", "sent", "skipped", "received", "answered", "measured", "late")) {
            assertThat(measured.stream()
                            .mapToLong(row -> Long.parseLong(row.get(line)))
                            .sum())
                    .as(line)
                    .isEqualTo(results.ledger(line));
        }
    }

    private static void histogramsAddUp(Results results) throws IOException {
        long intervals = 0;
        long total = 0;
        HistogramLogReader reader = new HistogramLogReader(
                results.directory().resolve("histograms.hlog").toFile());
        while (reader.hasNext()) {
            Histogram histogram = (Histogram) reader.nextIntervalHistogram();
            if (histogram.getTag().equals("p1/total") || histogram.getTag().equals("p2/total")) {
                intervals += histogram.getTotalCount();
            } else if (histogram.getTag().equals("total/total")) {
                total += histogram.getTotalCount();
            }
        }
        reader.close();
        assertThat(intervals).isEqualTo(results.ledger("measured")).isEqualTo(total);
    }

    @Test
    void a_producer_killed_in_mid_run_leaves_the_others_whole_and_a_degraded_verdict() throws Exception {
        FreshetProcess freshet = FreshetProcess.start(directory, SMALL);
        freshet.awaitStderr("measured");
        FreshetProcess.signal(freshet.agent("p2"), "KILL");
        assertThat(freshet.exitCode()).as(freshet.stderr()).isEqualTo(3);

        Results results = new Results(freshet.results());
        assertThat(results.summary().get("verdict").get("status").asText()).isEqualTo("DEGRADED");
        assertThat(results.summary().get("verdict").get("reasons").toString()).contains("p2");
        assertThat(results.summary().get("ledger").get("balanced").asBoolean()).isTrue();
        assertThat(results.agent("p1").get("ledger").get("measured").asLong()).isEqualTo(300);
        JsonNode killed = results.agent("p2").get("ledger");
        assertThat(killed.get("sent").asLong()).isPositive().isLessThan(300);
        assertThat(killed.get("scheduled").asLong()).isEqualTo(300);
        assertThat(killed.get("cancelled").asLong()).isPositive();
    }

    @Test
    void a_consumer_that_stops_for_two_seconds_shows_in_the_response_time_and_the_books_still_balance()
            throws Exception {
        FreshetProcess freshet = FreshetProcess.start(
                directory,
                "run",
                "--agents",
                "2",
                "--rate",
                "200/s",
                "--size",
                "16KiB",
                "--duration",
                "8s",
                "--warmup",
                "1s");
        freshet.awaitStderr("measured");
        ProcessHandle consumer = freshet.agent("c1");
        FreshetProcess.signal(consumer, "STOP");
        TimeUnit.SECONDS.sleep(2); // the length of the stop is the claim
        FreshetProcess.signal(consumer, "CONT");
        assertThat(freshet.exitCode()).as(freshet.stderr()).isZero();

        Results results = new Results(freshet.results());
        assertThat(results.summary().get("ledger").get("balanced").asBoolean()).isTrue();
        assertThat(results.ledger("lost")).isZero();
        double p99Micros = results.summary()
                .get("latency")
                .get("response_time")
                .get("p99_us")
                .asDouble();
        assertThat(p99Micros).isBetween(1_700_000.0, 8_000_000.0);
    }

    @Test
    void an_interruption_keeps_the_books_and_leaves_no_process() throws Exception {
        FreshetProcess freshet = FreshetProcess.start(
                directory,
                "run",
                "--agents",
                "2",
                "--rate",
                "200/s",
                "--size",
                "16KiB",
                "--duration",
                "600s",
                "--warmup",
                "0s");
        freshet.awaitStderr("   2 s measured");
        List<ProcessHandle> agents = freshet.agents();
        assertThat(agents).hasSize(3);
        freshet.signal("INT");
        assertThat(freshet.exitCode()).as(freshet.stderr()).isEqualTo(130);

        Results results = new Results(freshet.results());
        assertThat(results.summary().get("run").get("state").asText()).isEqualTo("stopped");
        assertThat(results.summary().get("ledger").get("balanced").asBoolean()).isTrue();
        assertThat(results.ledger("cancelled")).isPositive();
        assertThat(results.csv("measurements.csv")).hasSize((int) results.ledger("measured"));
        assertThat(agents).noneMatch(ProcessHandle::isAlive);
    }

    @Test
    void agents_end_when_the_coordinator_is_killed() throws Exception {
        FreshetProcess freshet = FreshetProcess.start(directory, SMALL);
        freshet.awaitStderr("RUNNING");
        List<ProcessHandle> agents = freshet.agents();
        freshet.signal("KILL");
        freshet.exitCode();
        for (ProcessHandle agent : agents) {
            agent.onExit().get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void a_gate_that_is_missed_is_exit_code_one() throws Exception {
        FreshetProcess freshet = FreshetProcess.run(
                directory,
                "run",
                "--agents",
                "1",
                "--rate",
                "50/s",
                "--size",
                "1KiB",
                "--duration",
                "1s",
                "--warmup",
                "0s",
                "--gate",
                "loss == 0",
                "--gate",
                "throughput >= 1GB/s",
                "--json");
        assertThat(freshet.exitCode()).as(freshet.stderr()).isEqualTo(1);
        JsonNode printed = new com.fasterxml.jackson.databind.ObjectMapper().readTree(freshet.stdout());
        assertThat(printed.get("gates").get(0).get("passed").asBoolean()).isTrue();
        assertThat(printed.get("gates").get(1).get("passed").asBoolean()).isFalse();
    }

    @Test
    void merge_rebuilds_the_files_and_report_repeats_the_report() throws Exception {
        FreshetProcess run = FreshetProcess.run(
                directory,
                "run",
                "--agents",
                "2",
                "--rate",
                "100/s",
                "--size",
                "0",
                "--duration",
                "1s",
                "--warmup",
                "0s");
        assertThat(run.exitCode()).as(run.stderr()).isZero();
        String report = run.stdout();
        Path results = run.results();
        byte[] merged = Files.readAllBytes(results.resolve("measurements.csv"));
        Files.delete(results.resolve("measurements.csv"));
        assertThat(FreshetProcess.run(directory, "merge", results.toString()).exitCode())
                .isZero();
        assertThat(Files.readAllBytes(results.resolve("measurements.csv"))).isEqualTo(merged);
        Path html = results.resolve("report.html");
        assertThat(html).content().contains("<h1>run</h1>", "\"rows_each_s\":1").endsWith("</html>\n");
        Files.delete(html);
        FreshetProcess again = FreshetProcess.run(directory, "report", "--no-html", results.toString());
        assertThat(again.stdout().lines().limit(5).toList())
                .isEqualTo(report.lines().limit(5).toList());
        assertThat(html).doesNotExist();
        assertThat(FreshetProcess.run(directory, "report", results.toString()).stdout())
                .isEqualTo(again.stdout());
        assertThat(html).content().endsWith("</html>\n");
    }

    @Test
    void a_link_whose_speed_is_not_known_fails_a_run_that_goes_by_it_before_anything_is_prepared() throws Exception {
        FreshetProcess freshet = FreshetProcess.run(directory, with(SMALL, "--weights", "link-speed"));
        assertThat(freshet.exitCode()).as(freshet.stderr()).isEqualTo(3);
        assertThat(freshet.stderr())
                .contains("weights: the speed of interface lo of ", ", which p1 is bound to, is not known", "--weights")
                .doesNotContain("PREPARING");
        try (var left = Files.list(directory.resolve("results"))) {
            assertThat(left).as("result directories").isEmpty();
        }
    }

    @Test
    void a_dry_run_that_goes_by_the_links_says_when_the_shards_are_known() throws Exception {
        FreshetProcess freshet = FreshetProcess.run(directory, with(SMALL, "--weights", "link-speed", "--dry-run"));
        assertThat(freshet.exitCode()).as(freshet.stderr()).isZero();
        assertThat(freshet.stdout()).contains("The shards are known once the agents have joined");
    }

    @Test
    void an_unpaced_run_sends_what_goes_and_its_books_balance_in_both_phases() throws Exception {
        FreshetProcess freshet = FreshetProcess.run(
                directory,
                "run",
                "--agents",
                "2",
                "--consumers",
                "2",
                "--rate",
                "max",
                "--size",
                "16KiB",
                "--duration",
                "2s",
                "--warmup",
                "1s",
                "--gate",
                "loss == 0");
        assertThat(freshet.exitCode()).as(freshet.stderr() + freshet.stdout()).isZero();

        Results results = new Results(freshet.results());
        JsonNode summary = results.summary();
        assertThat(summary.get("target").get("rate_hz").isNull()).isTrue();
        assertThat(summary.get("achieved").get("rate_hz").asDouble()).isGreaterThan(200);
        assertThat(summary.get("latency").get("response_time").get("p99_us").isNull())
                .isTrue();
        for (JsonNode ledger :
                List.of(summary.get("ledger"), summary.get("environment").get("warmup_ledger"))) {
            assertThat(ledger.get("balanced").asBoolean()).isTrue();
            assertThat(ledger.get("sent").asLong())
                    .isPositive()
                    .isEqualTo(ledger.get("scheduled").asLong());
            assertThat(ledger.get("lost").asLong()).isZero();
        }
        assertThat(results.csv("measurements.csv"))
                .hasSize((int) results.ledger("measured"))
                .allMatch(row -> row.get("intended").isEmpty());
        intervalsAddUp(results);
        histogramsAddUp(results);
    }
}

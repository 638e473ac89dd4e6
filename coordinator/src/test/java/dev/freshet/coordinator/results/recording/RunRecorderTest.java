package dev.freshet.coordinator.results.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.coordinator.results.SimulatedRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {
    @TempDir
    private Path directory;

    private Book recorded() {
        try (RunRecorder recorder = new RunRecorder(directory)) {
            recorder.start(SimulatedRun.T0_MICROS);
            SimulatedRun run = new SimulatedRun().play();
            run.rows.forEach(row -> recorder.row(row, run.live(row)));
            recorder.totals(run.books.account().measured());
            assertThat(recorder.failures()).isEmpty();
            return run.books.account().measured();
        }
    }

    @Test
    void hdrhistograms_own_reader_reads_the_log_back_and_its_intervals_add_up_to_the_totals() throws IOException {
        Book measured = recorded();
        Map<String, Histogram> byTag = new TreeMap<>();
        try (HistogramLogReader reader =
                new HistogramLogReader(directory.resolve("histograms.hlog").toFile())) {
            while (reader.hasNext()) {
                Histogram interval = (Histogram) reader.nextIntervalHistogram();
                assertThat(interval.getStartTimeStamp()).isGreaterThanOrEqualTo(SimulatedRun.T0_MICROS / 1000);
                byTag.computeIfAbsent(interval.getTag(), tag -> SignedHistogram.newPart())
                        .add(interval);
            }
        }
        for (Metric metric : Metric.values()) {
            for (String side : List.of("", "/negative")) {
                Histogram total = byTag.get("total/" + metric + side);
                Histogram part = side.isEmpty()
                        ? measured.histogram(metric).positive()
                        : measured.histogram(metric).negative();
                assertThat(total).as(metric + side).isEqualTo(part);
                if (total != null) {
                    Histogram sum = SignedHistogram.newPart();
                    sum.add(byTag.get("p1/" + metric + side));
                    sum.add(byTag.get("p2/" + metric + side));
                    assertThat(sum).as(metric + side).isEqualTo(total);
                }
            }
        }
        assertThat(byTag)
                .containsKeys("total/clock_offset/negative", "p1/total/warmup", "p1/clock_offset/negative/warmup");
        assertThat(byTag).doesNotContainKey("total/total/warmup");
    }

    @Test
    void intervals_csv_has_a_row_for_each_interval_under_the_documented_columns() throws IOException {
        recorded();
        List<String> lines = Files.readAllLines(directory.resolve("intervals.csv"));
        assertThat(lines.get(0))
                .isEqualTo(
                        "interval,phase,start_utc,target_hz,scheduled,sent,skipped,cancelled,received,answered,measured,late,"
                                + "missing,sent_bytes,received_bytes,rate_hz,bytes_per_s,"
                                + "total_p50_us,total_p70_us,total_p90_us,total_p99_us,total_p999_us,total_max_us,"
                                + "response_time_p50_us,response_time_p70_us,response_time_p90_us,response_time_p99_us,"
                                + "response_time_p999_us,response_time_max_us,"
                                + "lateness_p50_us,lateness_p70_us,lateness_p90_us,lateness_p99_us,lateness_p999_us,"
                                + "lateness_max_us");
        assertThat(lines).hasSize(7);
        assertThat(lines.get(1))
                .startsWith(
                        "0,warmup,2026-11-18T11:06:40.000000Z,200.0,200,200,0,0,200,200,200,0,0,200000,200000,200,200000,");
        assertThat(lines.get(2))
                .startsWith(
                        "1,measured,2026-11-18T11:06:41.000000Z,200.0,200,200,0,0,200,200,200,0,0,200000,200000,200,200000,");
        assertThat(lines.get(6))
                .isEqualTo("5,measured,2026-11-18T11:06:45.000000Z,0.0" + ",0".repeat(13) + ",".repeat(18));
    }

    @Test
    void what_was_received_is_an_empty_field_when_consumers_are_not_ours() throws IOException {
        try (RunRecorder recorder = new RunRecorder(directory)) {
            recorder.start(SimulatedRun.T0_MICROS);
            SimulatedRun run = new SimulatedRun().play();
            run.rows.forEach(row -> recorder.row(row, run.liveWithoutConsumers(row)));
        }
        assertThat(Files.readAllLines(directory.resolve("intervals.csv")).get(2))
                .startsWith("1,measured,2026-11-18T11:06:41.000000Z,200.0,200,200,0,0,,200,200,0,,200000,,200,200000,");
    }

    @Test
    void agent_intervals_csv_tells_of_each_producer_what_its_consumer_has() throws IOException {
        recorded();
        List<String> lines = Files.readAllLines(directory.resolve("agent-intervals.csv"));
        assertThat(lines.get(0))
                .isEqualTo(
                        "interval,phase,agent,role,target_hz,scheduled,sent,skipped,cancelled,received,answered,measured,"
                                + "late,missing,rate_hz,bytes_per_s,total_p50_us,total_p99_us,response_time_p99_us,"
                                + "lateness_p50_us,lateness_p99_us,lateness_max_us,interface_sent_bytes_per_s,"
                                + "interface_received_bytes_per_s,cpu_share,gc_ms,resident_bytes,clock_offset_us,clock_error_us");
        assertThat(lines).hasSize(1 + 6 * 3);
        assertThat(lines.get(4)).startsWith("1,measured,p1,producer,100.0,100,100,0,0,100,100,100,0,0,100,100000,");
        assertThat(lines.get(6)).startsWith("1,measured,c1,consumer,,,,,,200,,,,0,200,200000,,,,,,,");
    }

    @Test
    void percentile_tables_are_written_for_what_was_timed() {
        recorded();
        assertThat(directory.resolve("total.hgrm"))
                .content(StandardCharsets.US_ASCII)
                .contains("Value     Percentile TotalCount", "#[Max", "600");
        assertThat(directory.resolve("clock_offset-negative.hgrm")).exists();
        assertThat(directory.resolve("total-negative.hgrm")).doesNotExist();
    }

    @Test
    void an_event_is_one_line_of_json_and_on_disk_at_once() throws IOException {
        try (RunRecorder recorder = new RunRecorder(directory)) {
            Instant at = Instant.parse("2026-11-23T17:01:02.000250999Z");
            recorder.event(EventLine.at(at, "state", null, "RUNNING"));
            recorder.event(EventLine.at(at, "lost", "p1", "no word for 5 s: \"gone\"\n"));
            assertThat(Files.readString(directory.resolve("events.jsonl"))).isEqualTo("""
                            {"at":"2026-11-23T17:01:02.000250Z","kind":"state","text":"RUNNING"}
                            {"at":"2026-11-23T17:01:02.000250Z","kind":"lost","agent":"p1","text":"no word for 5 s: \\"gone\\"\\n"}
                            """);
        }
    }

    @Test
    void a_full_disk_stops_the_recording_and_not_the_run() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this system has no /dev/full");
        for (String file :
                List.of("events.jsonl", "intervals.csv", "agent-intervals.csv", "histograms.hlog", "total.hgrm")) {
            Files.createSymbolicLink(directory.resolve(file), full);
        }
        RunRecorder recorder = new RunRecorder(directory);
        recorder.event(EventLine.at(Instant.EPOCH, "state", null, "RUNNING"));
        recorder.event(EventLine.at(Instant.EPOCH, "state", null, "DRAINING"));
        recorder.start(SimulatedRun.T0_MICROS);
        SimulatedRun run = new SimulatedRun().play();
        run.rows.forEach(row -> recorder.row(row, run.live(row)));
        recorder.totals(run.books.account().measured());
        recorder.close();

        assertThat(run.rows).hasSize(6);
        assertThat(recorder.failures()).hasSize(5);
        assertThat(recorder.failures().get(0)).startsWith("recording of events.jsonl stopped: No space left");
    }
}

package dev.freshet.coordinator.results.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.intervals.Heat;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.SimulatedRun;
import dev.freshet.coordinator.results.Summaries;
import dev.freshet.coordinator.results.SummaryJson;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.results.recording.RunRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportDataTest {
    @TempDir
    private Path results;

    private ResultDirectory directory;

    @BeforeEach
    void aDirectory() {
        directory = ResultDirectory.create(results, Instant.EPOCH, new SimulatedRun().plan);
    }

    private SimulatedRun recorded() throws IOException {
        SimulatedRun run = new SimulatedRun("loss == 0").play();
        try (RunRecorder recorder = new RunRecorder(directory.path())) {
            recorder.event(EventLine.at(Instant.EPOCH, "state", null, "RUNNING"));
            recorder.event(EventLine.at(Instant.EPOCH, "lost", "p1", "<b>gone</b>"));
            recorder.start(SimulatedRun.T0_MICROS);
            run.rows.forEach(row -> recorder.row(row, run.live(row)));
            recorder.totals(run.books.account().measured());
        }
        SummaryJson.write(directory, Summaries.of(run.facts()));
        return run;
    }

    private Path file(String name) {
        return directory.path().resolve(name);
    }

    private static String text(Object cell) {
        return cell == null ? "" : cell.toString();
    }

    @Test
    void every_cell_is_that_of_intervals_csv() throws IOException {
        recorded();
        ReportData data = ReportData.of(directory);
        List<String> lines = Files.readAllLines(file("intervals.csv"));
        List<String> names = List.of(lines.get(0).split(","));
        assertThat(data.intervals().keySet()).containsExactlyElementsOf(names);
        for (int row = 0; row < lines.size() - 1; row++) {
            String[] cells = lines.get(row + 1).split(",", -1);
            for (int i = 0; i < cells.length; i++) {
                assertThat(text(data.intervals().get(names.get(i)).get(row)))
                        .as(names.get(i) + " of row " + row)
                        .isEqualTo(cells[i]);
            }
        }
        assertThat(data.rowsEachSeconds()).isEqualTo(1);
        assertThat(data.missing()).isEmpty();
    }

    @Test
    void every_cell_of_an_agent_is_that_of_agent_intervals_csv() throws IOException {
        recorded();
        ReportData data = ReportData.of(directory);
        List<String> lines = Files.readAllLines(file("agent-intervals.csv"));
        List<String> names = List.of(lines.get(0).split(","));
        List<String> told = new ArrayList<>();
        for (int interval = 0; interval < 6; interval++) {
            for (Map.Entry<String, Map<String, List<Object>>> agent :
                    data.agents().entrySet()) {
                List<String> cells = new ArrayList<>();
                for (String name : names) {
                    cells.add(
                            name.equals("agent")
                                    ? agent.getKey()
                                    : text(agent.getValue().get(name).get(interval)));
                }
                told.add(String.join(",", cells));
            }
        }
        assertThat(told).containsExactlyElementsOf(lines.subList(1, lines.size()));
    }

    @Test
    void the_heat_of_a_row_is_the_one_that_was_told_live() throws IOException {
        SimulatedRun run = recorded();
        assertThat(ReportData.of(directory).heat())
                .containsExactlyElementsOf(
                        run.rows.stream().map(row -> run.live(row).heat()).toList());
    }

    @Test
    void summary_plan_and_events_are_those_of_the_files() throws IOException {
        recorded();
        JsonNode json = new ObjectMapper().valueToTree(ReportData.of(directory));
        assertThat(json.get("summary"))
                .isEqualTo(new ObjectMapper().readTree(file("summary.json").toFile()));
        assertThat(json.get("plan").get("rate").asText()).isEqualTo("200/s");
        assertThat(json.get("events").get(1).get("agent").asText()).isEqualTo("p1");
        List<String> members = new ArrayList<>();
        json.fieldNames().forEachRemaining(members::add);
        assertThat(members)
                .containsExactly(
                        "summary",
                        "plan",
                        "intervals",
                        "heat",
                        "agents",
                        "events",
                        "rows_each_s",
                        "agents_each_s",
                        "missing");
    }

    @Test
    void the_percentiles_of_joined_seconds_are_those_of_all_their_values() {
        int warmup = 7;
        RecordedRun run = new RecordedRun(directory.path(), 2, warmup, 3620);
        ReportData data = ReportData.of(directory);
        assertThat(data.rowsEachSeconds()).isEqualTo(2);
        // the seconds 6 and 7 are of two phases: they are not joined, and 7 has a straggler of the warm-up
        assertThat(data.intervals().get("interval").subList(0, 6)).containsExactly(0L, 2L, 4L, 6L, 7L, 8L);
        assertThat(data.intervals().get("phase").subList(3, 6)).containsExactly("warmup", "measured", "measured");
        int rows = data.intervals().get("interval").size();
        assertThat(rows).isEqualTo(1815);
        for (int row = 4; row < rows; row++) {
            int from = Math.toIntExact((Long) data.intervals().get("interval").get(row));
            SignedHistogram all = new SignedHistogram();
            for (int second = from; second < Math.min(warmup + 3620, from / 2 * 2 + 2); second++) {
                all.add(run.responseTimes.get(second));
            }
            assertThat(percentiles(data, row)).as("row %d", row).isEqualTo(percentiles(all));
            assertThat(data.heat().get(row)).isEqualTo(Heat.of(all));
            assertThat(data.intervals().get("measured").get(row)).isEqualTo(all.count());
            assertThat(((Number) data.intervals().get("rate_hz").get(row)).doubleValue())
                    .isEqualTo(2.0 * RecordedRun.PER_SECOND);
        }
    }

    private static List<Object> percentiles(ReportData data, int row) {
        List<Object> figures = new ArrayList<>();
        for (String figure : List.of("p50", "p70", "p90", "p99", "p999", "max")) {
            figures.add(data.intervals()
                    .get(Metric.RESPONSE_TIME + "_" + figure + "_us")
                    .get(row));
        }
        return figures;
    }

    private static List<Object> percentiles(SignedHistogram all) {
        Percentiles of = Percentiles.of(all);
        return List.of(of.p50Micros(), of.p70Micros(), of.p90Micros(), of.p99Micros(), of.p999Micros(), of.maxMicros());
    }

    @Test
    void an_agent_has_at_most_600_points_which_show_its_worst_seconds() throws IOException {
        new RecordedRun(directory.path(), 2, 0, 700);
        ReportData data = ReportData.of(directory);
        assertThat(data.rowsEachSeconds()).isEqualTo(1);
        assertThat(data.agentsEachSeconds()).isEqualTo(2);
        Map<String, List<Object>> agent = data.agents().get("p2");
        assertThat(agent).doesNotContainKey("agent");
        assertThat(agent.values()).allMatch(column -> column.size() == 350);
        assertThat(agent.get("sent")).containsOnly(2L * RecordedRun.PER_SECOND);
        assertThat(agent.get("cpu_share")).containsOnly(0.251);
        List<Long> told = new ArrayList<>();
        for (String line : Files.readAllLines(file("agent-intervals.csv"))) {
            if (line.contains(",p2,")) {
                told.add(Long.valueOf(line.split(",")[column("lateness_max_us")]));
            }
        }
        for (int point = 0; point < 350; point++) {
            assertThat(agent.get("lateness_max_us").get(point))
                    .isEqualTo(told.subList(2 * point, 2 * point + 2).stream()
                            .max(Long::compare)
                            .orElseThrow());
        }
    }

    private int column(String name) throws IOException {
        return List.of(Files.readAllLines(file("agent-intervals.csv")).get(0).split(","))
                .indexOf(name);
    }

    @Test
    void what_is_not_there_is_named_and_the_rest_is_told() throws IOException {
        recorded();
        for (String name : List.of("summary.json", "histograms.hlog", "agent-intervals.csv", "events.jsonl")) {
            Files.delete(file(name));
        }
        ReportData data = ReportData.of(directory);
        assertThat(data.summary()).isNull();
        assertThat(data.intervals().get("interval")).hasSize(6);
        assertThat(data.heat()).hasSize(6).containsOnly(Heat.NONE);
        assertThat(data.agents()).isEmpty();
        assertThat(data.missing())
                .containsExactly(
                        "There is no summary.json.",
                        "There is no histograms.hlog.",
                        "There is no agent-intervals.csv.",
                        "There is no events.jsonl.");
    }

    @Test
    void files_that_end_within_a_row_are_told_up_to_there() throws IOException {
        recorded();
        for (String name : List.of("intervals.csv", "agent-intervals.csv", "events.jsonl")) {
            String text = Files.readString(file(name));
            Files.writeString(file(name), text.substring(0, text.length() - 9));
        }
        String log = Files.readString(file("histograms.hlog"));
        Files.writeString(file("histograms.hlog"), log.substring(0, log.indexOf("Tag=p2/response_time,3") + 60));
        ReportData data = ReportData.of(directory);
        assertThat(data.intervals().get("interval")).hasSize(5);
        assertThat(data.agents().get("c1").get("interval")).hasSize(5);
        assertThat(data.heat().subList(3, 5)).containsOnly(Heat.NONE);
        assertThat(data.heat().subList(0, 3)).doesNotContain(Heat.NONE);
        assertThat(data.events()).hasSize(1);
        assertThat(data.missing())
                .hasSize(4)
                .contains(
                        "intervals.csv ends within a row.",
                        "agent-intervals.csv ends within a row.",
                        "histograms.hlog ends within a line.",
                        "events.jsonl ends within a line.");
    }

    @Test
    void a_file_of_an_older_version_is_told_without_what_it_lacks() throws IOException {
        recorded();
        List<String> older = Files.readAllLines(file("intervals.csv")).stream()
                .map(line -> line.replaceFirst("^(([^,]*,){3})[^,]*,", "$1"))
                .toList();
        Files.write(file("intervals.csv"), older);
        ReportData data = ReportData.of(directory);
        assertThat(data.intervals()).doesNotContainKey("target_hz").containsKey("scheduled");
        assertThat(data.missing())
                .containsExactly(
                        "intervals.csv is of an older version: it does not say what was wanted in each second.");
    }

    @Test
    void files_of_other_content_are_named_and_left_out() throws IOException {
        for (String name : List.of("summary.json", "intervals.csv", "agent-intervals.csv", "histograms.hlog")) {
            Files.writeString(file(name), "not, what\nwas expected\n");
        }
        ReportData data = ReportData.of(directory);
        assertThat(data.intervals()).isEmpty();
        assertThat(data.missing()).hasSize(4).allMatch(sentence -> sentence.endsWith("."));
    }
}

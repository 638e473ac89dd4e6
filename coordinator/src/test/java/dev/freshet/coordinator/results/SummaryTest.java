package dev.freshet.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.common.InputException;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.results.merge.MergeProgress;
import dev.freshet.coordinator.results.merge.MergeResult;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {
    private static final String[] GATES = {"loss == 0", "total.p99 < 100us", "throughput >= 100kB/s", "late < 1%"};

    @TempDir
    private Path results;

    private static List<String> members(JsonNode node) {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void the_members_have_the_names_that_were_promised() throws IOException {
        Summary summary = Summaries.of(new SimulatedRun(GATES).play().facts());
        JsonNode json = new ObjectMapper().readTree(SummaryJson.text(summary));
        assertThat(members(json))
                .containsExactly(
                        "run", "verdict", "target", "achieved", "ledger", "latency", "agents", "gates", "environment");
        assertThat(members(json.get("verdict"))).contains("status", "reasons");
        assertThat(members(json.get("target"))).containsExactly("rate_hz", "size_bytes", "duration_s", "bytes_per_s");
        assertThat(members(json.get("achieved"))).contains("rate_hz", "size_bytes", "duration_s", "bytes_per_s");
        assertThat(members(json.get("ledger")))
                .containsExactly(
                        "scheduled",
                        "sent",
                        "skipped",
                        "cancelled",
                        "received",
                        "lost",
                        "answered",
                        "unanswered",
                        "measured",
                        "late",
                        "balanced");
        assertThat(members(json.get("latency")))
                .containsExactly("total", "network", "processing", "response_time", "lateness", "clock_offset");
        assertThat(members(json.get("latency").get("clock_offset")))
                .containsExactlyInAnyOrder(
                        "count",
                        "negative",
                        "mean_us",
                        "min_us",
                        "p50_us",
                        "p70_us",
                        "p90_us",
                        "p99_us",
                        "p999_us",
                        "max_us");
        assertThat(members(json.get("agents").get(0)))
                .contains(
                        "name",
                        "role",
                        "host",
                        "interface",
                        "endpoint",
                        "rate_hz",
                        "achieved",
                        "ledger",
                        "latency",
                        "clock",
                        "start_error_us",
                        "interface_bytes_sent");
        assertThat(members(json.get("agents").get(0).get("clock"))).contains("offset_us", "error_us", "drift_ppm");
        assertThat(json.get("latency").get("clock_offset").get("min_us").asLong())
                .isNegative();
        assertThat(json.get("agents").get(0).get("clock").get("drift_ppm").isNull())
                .isTrue();
        assertThat(json.get("achieved").get("rate_hz").asDouble()).isEqualTo(200.0);
        assertThat(json.get("agents").get(1).get("start_error_us").asDouble()).isEqualTo(30.0);
    }

    @Test
    void a_summary_is_read_back_as_it_was_written() throws IOException {
        ResultDirectory directory = directory();
        Summary summary = Summaries.of(new SimulatedRun(GATES).play().facts());
        SummaryJson.write(directory, summary);
        assertThat(SummaryJson.text(SummaryJson.read(directory))).isEqualTo(SummaryJson.text(summary));
        assertThat(directory.path().resolve("summary.json.part")).doesNotExist();
    }

    private ResultDirectory directory() {
        return ResultDirectory.create(results, Instant.EPOCH, new SimulatedRun().plan);
    }

    @Test
    void a_run_that_was_cut_short_is_divided_by_the_time_it_had() {
        Summary cut = cutShort(facts -> facts.rates());
        assertThat(cut.achieved().durationSeconds()).isEqualTo(1.5);
        assertThat(cut.verdict().notes()).contains("The run was cut short (stopped: by the user).");
    }

    @Test
    void the_target_of_a_run_that_was_cut_short_is_what_was_asked_for_until_then() {
        Summary cut = cutShort(facts -> facts.rates().changed(2, Rate.perSecond(100)));
        assertThat(cut.target().rateHertz()).isEqualTo((200 + 0.5 * 100) / 1.5);
    }

    /** A run of 4 s that ends after 2.5 s, a second of warm-up included. */
    private static Summary cutShort(Function<RunFacts, RateSteps> rates) {
        RunFacts facts = new SimulatedRun().play().facts();
        return Summaries.of(new RunFacts(
                facts.run(),
                facts.plan(),
                rates.apply(facts),
                RunFacts.Ending.stopped(2_500_000_000L, "by the user", false),
                facts.started(),
                facts.t0Micros(),
                facts.ended(),
                facts.agents(),
                facts.account(),
                List.of(),
                null,
                facts.environment()));
    }

    @Test
    void what_the_interface_carried_is_set_against_what_was_sent() {
        // from the sample at 0.5 s to that at 5.5 s, 4 s of sending less half a second: 3.5 * 200 messages of 1090
        // bytes
        InterfaceComparison lo =
                InterfaceComparison.of(new SimulatedRun().play().facts()).get(0);
        assertThat(lo.applicationBytes()).isCloseTo(763_000, org.assertj.core.data.Offset.offset(2_000L));
        assertThat(lo.interfaceBytes()).isEqualTo(3_500 * 218 * 102 / 100);
        assertThat(lo.overheadBytes()).isEqualTo(3_500 * 230 / 1000 * 66);
        InterfaceComparison less = eth1(1_000_000_000, 700_000_000, 0);
        assertThat(less.carriedTooLittle()).isTrue();
        assertThat(less.statement())
                .isEqualTo("Interface eth1 of h carried 700 MB where its producers sent 1.00 GB (-30.0 %):"
                        + " less than was sent, so part of it left by another way or not at all.");
        assertThat(eth1(1_000_000, 1_055_000, 45_000).carriedTooMuch()).isFalse();
    }

    private static InterfaceComparison eth1(long applicationBytes, long interfaceBytes, long overheadBytes) {
        return eth1(applicationBytes, interfaceBytes, overheadBytes, 0, 1);
    }

    private static InterfaceComparison eth1(
            long applicationBytes, long interfaceBytes, long overheadBytes, long controlBytes, double receivedShare) {
        return new InterfaceComparison(
                new Place("h", "eth1"),
                false,
                applicationBytes,
                interfaceBytes,
                overheadBytes,
                controlBytes,
                receivedShare,
                null);
    }

    @Test
    void what_waited_in_vain_for_a_full_link_left_by_no_other_way() {
        assertThat(eth1(46_000_000, 18_800_000, 0, 0, 0.2).carriedTooLittle()).isFalse();
        assertThat(eth1(46_000_000, 8_000_000, 0, 0, 0.2).carriedTooLittle()).isTrue();
    }

    @Test
    void what_agents_tell_the_coordinator_is_no_other_traffic() {
        assertThat(eth1(0, 200_000, 0, 320_000, 1).carriedTooMuch()).isFalse();
        assertThat(eth1(0, 400_000, 0, 320_000, 1).carriedTooMuch()).isTrue();
    }

    @Test
    void bytes_that_left_by_another_interface_of_the_host_are_found_there() {
        Summary summary = new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 250, 404)
                .producer("p2", "h1", "eth1", 1000L, 250, 2)
                .producer("p3", "h2", "eth0", 1000L, 250, 404)
                .consumer("c1", "h5", 10_000L, 606)
                .summary();
        assertThat(summary.verdict().status()).isEqualTo(Verdict.Status.DEGRADED);
        assertThat(summary.verdict().reasons())
                .contains(
                        "Interface eth1 of h1 carried 1.00 MB where its producers sent 100 MB (-99.0 %): less than was"
                                + " sent, so part of it left by another way or not at all; eth0 of the same host carried"
                                + " 102 MB more than its own producers sent.");
    }

    @Test
    void the_report_is_what_a_person_expects_to_see() throws IOException {
        Summary summary = Summaries.of(new SimulatedRun(GATES).play().facts());
        String report = TextReport.of(summary, "results/20261118T110638Z-demo", false);
        assertThat(report).isEqualTo(golden("report.txt"));
        assertThat(report.lines()).allMatch(line -> line.length() <= 110);
    }

    @Test
    void the_report_of_a_fleet_on_several_hosts_has_a_line_for_each_interface_also_when_it_is_read_again()
            throws IOException {
        Summary summary = new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 250, 202)
                .producer("p2", "h1", "eth1", 1000L, 250, 202)
                .producer("p3", "h3", "eth0", null, 250, 202)
                .producer("p4", "h4", "eth0", 50L, 63, 49.6)
                .consumer("c1", "h5", 10_000L, 656)
                .summary();
        String expected = String.join(
                "\n",
                "Interfaces, while messages were sent",
                "  host  interface  agents   target  achieved    payload       sent   received       link  used",
                "  h1    eth0       p1      250.0/s   250.0/s  25.0 MB/s  25.3 MB/s      0 B/s   1 Gbit/s  20 %",
                "  h1    eth1       p2      250.0/s   250.0/s  25.0 MB/s  25.3 MB/s      0 B/s   1 Gbit/s  20 %",
                "  h3    eth0       p3      250.0/s   250.0/s  25.0 MB/s  25.3 MB/s      0 B/s          -     -",
                "  h4    eth0       p4      250.0/s    63.0/s  6.30 MB/s  6.20 MB/s      0 B/s  50 Mbit/s  99 %",
                "  h5    eth0       c1            -   813.0/s      0 B/s      0 B/s  82.0 MB/s  10 Gbit/s   7 %",
                "");
        assertThat(TextReport.of(summary, "x", false)).contains(expected);
        ResultDirectory directory = directory();
        SummaryJson.write(directory, summary);
        assertThat(ResultFiles.report(directory.path(), false)).contains(expected);
        assertThat(TextReport.of(summary, "x", false).lines()).allMatch(line -> line.length() <= 110);
    }

    @Test
    void the_report_of_a_broken_run_names_what_broke_and_shows_dashes_for_what_is_not_known() throws IOException {
        SimulatedRun run = new SimulatedRun(GATES);
        run.play("p1", 6);
        run.play("p2", 3);
        Instant at = Instant.ofEpochSecond(SimulatedRun.T0_MICROS / 1_000_000 + 4);
        run.books.lost("p2", at, "no word for 1.0 s");
        run.play("c1", 2);
        run.books.lost("c1", at, "killed");
        String report = TextReport.of(Summaries.of(run.facts()), "results/20261118T110638Z-demo", false);
        assertThat(report).isEqualTo(golden("report-lost.txt"));
    }

    @Test
    void colour_is_added_only_when_asked_for() {
        Summary summary = Summaries.of(new SimulatedRun(GATES).play().facts());
        assertThat(TextReport.of(summary, "x", false)).doesNotContain("\u001b");
        String coloured = TextReport.of(summary, "x", true);
        assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(TextReport.of(summary, "x", false));
        assertThat(coloured).contains("\u001b[32mVALID\u001b[0m");
    }

    private static String golden(String name) throws IOException {
        try (InputStream file = SummaryTest.class.getResourceAsStream(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void merged_files_and_report_can_be_made_again_from_the_directory() throws IOException {
        ResultDirectory directory = directory();
        SimulatedRun run = new SimulatedRun(GATES).play();
        run.deliver(directory);
        SummaryJson.write(directory, Summaries.of(run.facts()));
        ResultFiles.Merged merged = ResultFiles.merge(directory.path(), MergeProgress.NONE);
        assertThat(merged).isEqualTo(new ResultFiles.Merged(new MergeResult(600, 0), null));
        List<String> lines = Files.readAllLines(directory.path().resolve("measurements.csv"));
        long t1 = Long.parseLong(lines.get(1).split(",")[3]);
        // the first measured message is due a second after T0; the clock is 1.5 us ahead, which is 2 when rounded
        assertThat(t1 - SimulatedRun.T0_MICROS).isBetween(1_000_000L - 2, 1_000_048L);
        assertThat(ResultFiles.report(directory.path(), false)).contains("Verdict  VALID");
    }

    @ParameterizedTest
    @CsvSource({"1/7, 86", "none, 0"})
    void a_run_that_measures_some_answers_expects_rows_of_these_only(String measure, long rows) throws IOException {
        ResultDirectory directory = directory();
        SimulatedRun run = SimulatedRun.measuring(measure).play();
        run.deliver(directory);
        Summary summary = Summaries.of(run.facts());
        SummaryJson.write(directory, summary);
        assertThat(summary.verdict().notes()).anyMatch(note -> note.contains("measure " + measure));
        assertThat(summary.environment()).containsEntry("measure", measure);
        assertThat(summary.ledger().measured()).isEqualTo(600);
        assertThat(ResultFiles.merge(directory.path(), MergeProgress.NONE).measurements())
                .isEqualTo(rows == 0 ? null : new MergeResult(rows, 0));
        assertThat(ResultFiles.expectedRows(directory.path())).isEqualTo(rows);
    }

    @Test
    void a_directory_without_summary_is_refused_in_one_line() {
        assertThatThrownBy(() -> ResultFiles.report(results, false)).isInstanceOf(InputException.class);
        ResultDirectory directory = directory();
        assertThatThrownBy(() -> ResultFiles.merge(directory.path(), MergeProgress.NONE))
                .isInstanceOf(InputException.class)
                .hasMessage("'" + directory.path() + "' has no summary.json: its run did not come to an end");
    }
}

package dev.freshet.coordinator.history;

import static dev.freshet.coordinator.history.ArchivedRuns.edit;
import static dev.freshet.coordinator.history.ArchivedRuns.id;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunHistoryTest {
    @TempDir
    private Path parent;

    private Path results;
    private ArchivedRuns runs;
    private RunHistory history;

    @BeforeEach
    void openHistory() {
        results = parent.resolve("results");
        runs = new ArchivedRuns(results);
        history = new RunHistory(results);
    }

    private static List<String> ids(RunHistory.Page page) {
        return page.runs().stream().map(RunEntry::id).toList();
    }

    @Test
    void there_are_no_runs_where_there_is_no_directory() {
        assertThat(history.list(10, null).runs()).isEmpty();
        assertThat(history.list(10, null).next()).isNull();
    }

    @Test
    void runs_come_the_newest_first_and_page_by_page() throws IOException {
        List<String> newestFirst = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            newestFirst.add(0, id(runs.over()));
        }
        RunHistory.Page first = history.list(2, null);
        assertThat(ids(first)).isEqualTo(newestFirst.subList(0, 2));
        RunHistory.Page second = history.list(2, first.next());
        assertThat(ids(second)).isEqualTo(newestFirst.subList(2, 4));
        RunHistory.Page last = history.list(2, second.next());
        assertThat(ids(last)).isEqualTo(newestFirst.subList(4, 5));
        assertThat(last.next()).isNull();
        assertThat(history.list(5, null).next()).isNull();
    }

    @Test
    void an_entry_has_the_figures_of_the_summary() throws IOException {
        String id = id(runs.over("loss == 0", "total.p99 < 1us"));
        RunEntry entry = history.entry(id);
        assertThat(entry.id()).isEqualTo(id);
        assertThat(entry.name()).isEqualTo("demo");
        assertThat(entry.state()).isEqualTo("done");
        assertThat(entry.outcome()).isEqualTo(Outcome.GATE_FAILED);
        assertThat(entry.verdict()).isNotNull().isNotEqualTo(Verdict.Status.INVALID);
        assertThat(entry.agents()).isEqualTo(3);
        assertThat(entry.targetHertz()).isEqualTo(200.0);
        assertThat(entry.achievedHertz()).isEqualTo(200.0);
        assertThat(entry.achievedBytesPerSecond()).isEqualTo(200_000.0);
        assertThat(entry.durationSeconds()).isEqualTo(3.0);
        assertThat(entry.responseTimeP99Micros())
                .isGreaterThan(entry.responseTimeP50Micros())
                .isPositive();
        assertThat(entry.lost()).isZero();
        assertThat(entry.balanced()).isTrue();
        assertThat(entry.gatesPassed()).isEqualTo(1);
        assertThat(entry.gatesFailed()).isEqualTo(1);
    }

    @Test
    void a_run_without_a_summary_is_unfinished_and_has_what_its_plan_tells() throws IOException {
        RunEntry entry = history.entry(id(runs.unfinished()));
        assertThat(entry.state()).isEqualTo(RunEntry.UNFINISHED);
        assertThat(entry.name()).isEqualTo("demo");
        assertThat(entry.started()).isEqualTo("2026-11-23T17:01:02Z");
        assertThat(entry.targetHertz()).isEqualTo(200.0);
        assertThat(entry.achievedHertz()).isNull();
        assertThat(entry.outcome()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "{", "[]", "{}", "{\"run\": 7}", "\u0000\u0001", "{\"run\":{\"outcome\":\"splendid\"}}"})
    void a_broken_summary_spoils_no_list(String text) throws IOException {
        String whole = id(runs.over());
        ResultDirectory broken = runs.unfinished();
        Files.writeString(broken.path().resolve(ResultDirectory.SUMMARY), text);
        String another = id(runs.over());
        RunHistory.Page page = history.list(10, null);
        assertThat(ids(page)).containsExactly(another, id(broken), whole);
        assertThat(page.runs().get(1).name()).isEqualTo("demo");
        assertThat(page.runs().get(1).verdict()).isNull();
    }

    @Test
    void nor_does_a_broken_plan() throws IOException {
        ResultDirectory broken = runs.unfinished();
        edit(broken, ResultDirectory.PLAN, "agents", "agnets");
        String whole = id(runs.over());
        RunHistory.Page page = history.list(10, null);
        assertThat(ids(page)).containsExactly(whole, id(broken));
        assertThat(page.runs().get(1).targetHertz()).isNull();
    }

    @Test
    void a_run_that_comes_to_its_end_is_seen_to() throws IOException {
        ResultDirectory directory = runs.unfinished();
        assertThat(history.entry(id(directory)).state()).isEqualTo(RunEntry.UNFINISHED);
        Files.copy(
                runs.over().path().resolve(ResultDirectory.SUMMARY),
                directory.path().resolve(ResultDirectory.SUMMARY));
        assertThat(history.entry(id(directory)).state()).isEqualTo("done");
    }

    @Test
    void what_was_read_is_kept_for_as_long_as_the_file_is_the_same() throws IOException {
        ResultDirectory directory = runs.over();
        Path summary = directory.path().resolve(ResultDirectory.SUMMARY);
        FileTime written = Files.getLastModifiedTime(summary);
        RunEntry entry = history.entry(id(directory));
        assertThat(history.entry(id(directory))).isSameAs(entry);
        edit(directory, ResultDirectory.SUMMARY, "\"state\" : \"done\"", "\"state\" : \"gone\"");
        Files.setLastModifiedTime(summary, written);
        assertThat(history.entry(id(directory))).as("not read again").isSameAs(entry);
        Files.setLastModifiedTime(summary, FileTime.fromMillis(written.toMillis() + 1000));
        assertThat(history.entry(id(directory)).state()).isEqualTo("gone");
    }

    @Test
    void what_is_no_run_is_not_listed() throws IOException {
        runs.over();
        Files.createDirectory(results.resolve("20261123T170102Z-empty"));
        Files.writeString(results.resolve("20261123T170102Z-file"), "");
        Files.createDirectory(results.resolve("notes"));
        assertThat(history.list(10, null).runs()).hasSize(1);
    }

    @Test
    void a_link_out_of_the_results_is_no_run() throws IOException {
        runs.over();
        ResultDirectory elsewhere = new ArchivedRuns(parent.resolve("elsewhere")).over();
        String id = "20270101T000000Z-link";
        Files.createSymbolicLink(results.resolve(id), elsewhere.path());
        assertThat(history.directory(id)).isEmpty();
        assertThat(history.list(10, null).runs()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../elsewhere",
                "/etc",
                "20261123T170102Z-../x",
                "20261123T170102Z-a/b",
                "a\u0000b"
            })
    void an_id_that_is_none_is_no_way_to_anywhere(String id) throws IOException {
        runs.over();
        assertThat(history.directory(id)).isEmpty();
    }
}

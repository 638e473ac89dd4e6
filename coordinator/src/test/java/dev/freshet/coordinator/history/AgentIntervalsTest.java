package dev.freshet.coordinator.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentIntervalsTest {
    @TempDir
    private Path results;

    private ResultDirectory directory;
    private Path file;

    @BeforeEach
    void recordRun() throws IOException {
        directory = new ArchivedRuns(results).unfinished();
        file = directory.path().resolve(ResultDirectory.AGENT_INTERVALS);
    }

    @Test
    void each_agent_has_its_own_rows_as_the_file_has_them() throws IOException {
        List<AgentInterval> rows = AgentIntervals.of(directory, "p2");
        assertThat(rows).isNotEmpty().allSatisfy(row -> {
            assertThat(row.agent()).isEqualTo("p2");
            assertThat(row.role()).isEqualTo(Role.PRODUCER);
        });
        assertThat(rows.get(0).interval()).isZero();
        assertThat(rows.stream()
                        .filter(row -> row.sent() != null)
                        .mapToLong(AgentInterval::sent)
                        .sum())
                .isEqualTo(400);
        assertThat(AgentIntervals.of(directory, "c1"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.sent()).isNull());
        assertThat(AgentIntervals.of(directory, "p3")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"producer", "consumer", "measured", "100", "0"})
    void an_agent_that_is_named_like_a_figure_has_no_rows_of_others(String name) throws IOException {
        assertThat(AgentIntervals.of(directory, name)).isEmpty();
    }

    @Test
    void a_row_counts_when_its_end_is_there() throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(file));
        lines.removeIf(line -> line.contains(",c1,"));
        String whole = String.join("\n", lines) + "\n";
        Files.writeString(file, whole);
        List<AgentInterval> all = new ArrayList<>(AgentIntervals.of(directory, "p1"));
        all.addAll(AgentIntervals.of(directory, "p2"));
        int last = lines.get(lines.size() - 1).length();
        for (int cut = 1; cut <= last; cut++) { // at every byte of the last row, its last figure's as well
            Files.writeString(file, whole.substring(0, whole.length() - cut));
            List<AgentInterval> rows = new ArrayList<>(AgentIntervals.of(directory, "p1"));
            rows.addAll(AgentIntervals.of(directory, "p2"));
            assertThat(rows)
                    .hasSize(all.size() - 1)
                    .allSatisfy(row -> assertThat(all).contains(row));
        }
    }

    @Test
    void before_t0_and_in_runs_older_than_the_file_there_are_none() throws IOException {
        Files.writeString(file, "");
        assertThat(AgentIntervals.of(directory, "p1")).isEmpty();
        Files.delete(file);
        assertThat(AgentIntervals.of(directory, "p1")).isEmpty();
    }
}

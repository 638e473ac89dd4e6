package dev.freshet.coordinator.history;

import static dev.freshet.coordinator.history.ArchivedRuns.edit;
import static dev.freshet.coordinator.history.ArchivedRuns.id;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
    @TempDir
    private Path results;

    private ArchivedRuns runs;

    @BeforeEach
    void openArchive() {
        runs = new ArchivedRuns(results);
    }

    private static Comparison.Figure figure(Comparison comparison, String name) {
        return comparison.figures().stream()
                .filter(figure -> figure.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_run_is_equal_to_itself() throws IOException {
        ResultDirectory run = runs.over();
        Comparison comparison = Comparison.of(run, run);
        assertThat(comparison.plan()).isEmpty();
        assertThat(comparison.figures())
                .isNotEmpty()
                .allSatisfy(figure -> assertThat(figure.difference()).isIn(null, 0.0));
    }

    @Test
    void difference_and_ratio_are_of_the_second_to_the_first() throws IOException {
        ResultDirectory a = runs.over();
        ResultDirectory b = runs.over();
        edit(b, ResultDirectory.SUMMARY, "\"skipped\" : 0", "\"skipped\" : 3");
        edit(b, ResultDirectory.SUMMARY, "\"rate_hz\" : 200.0", "\"rate_hz\" : 150.0");
        Comparison comparison = Comparison.of(a, b);
        assertThat(figure(comparison, "achieved_rate"))
                .isEqualTo(new Comparison.Figure("achieved_rate", "hz", 200.0, 150.0, -50.0, 0.75, "higher"));
        Comparison.Figure skipped = figure(comparison, "skipped");
        assertThat(skipped.difference()).isEqualTo(3.0);
        assertThat(skipped.ratio()).as("to nothing there is no ratio").isNull();
        assertThat(skipped.better()).isEqualTo("lower");
    }

    @Test
    void the_keys_of_the_plan_that_differ_are_told_and_no_others() throws IOException {
        ResultDirectory a = runs.over();
        ResultDirectory b = runs.over();
        edit(b, ResultDirectory.PLAN, "rate: 200/s", "rate: 300/s\ninterface: lo");
        assertThat(Comparison.of(a, b).plan())
                .containsExactlyInAnyOrder(
                        new Comparison.PlanKey("rate", "200/s", "300/s"),
                        new Comparison.PlanKey("interface", null, "lo"));
    }

    @Test
    void a_copy_of_a_run_goes_by_the_name_of_its_directory() throws IOException {
        ResultDirectory a = runs.over();
        ResultDirectory b = runs.over(); // the simulated run calls itself r1 in either summary
        Comparison comparison = Comparison.of(a, b);
        assertThat(List.of(comparison.a().id(), comparison.b().id())).containsExactly(id(a), id(b));
    }

    @Test
    void a_summary_without_loads_compares_as_not_known() throws IOException {
        ResultDirectory a = runs.over();
        ResultDirectory b = runs.over();
        edit(b, ResultDirectory.SUMMARY, "\"target\" :", "\"target_of_another_release\" :");
        edit(
                b,
                ResultDirectory.SUMMARY,
                "\"achieved\" : {\n    \"rate_hz\" : 200.0",
                "\"achieved_then\" : {\n    \"rate_hz\" : 200.0");
        Comparison.Figure rate = figure(Comparison.of(a, b), "achieved_rate");
        assertThat(rate.a()).isEqualTo(200.0);
        assertThat(rate.b()).isNull();
        assertThat(rate.difference()).isNull();
    }

    @Test
    void a_run_that_did_not_come_to_its_end_cannot_be_compared() throws IOException {
        ResultDirectory a = runs.over();
        ResultDirectory b = runs.unfinished();
        assertThatThrownBy(() -> Comparison.of(a, b))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("did not come to an end");
    }
}

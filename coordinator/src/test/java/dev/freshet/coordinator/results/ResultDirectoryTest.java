package dev.freshet.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.PlanYaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultDirectoryTest {
    private static final Instant AT = Instant.parse("2026-11-23T17:01:02.9Z");

    @TempDir
    private Path results;

    private final Plan plan = new PlanBuilder().set("--name", "name", "demo").build();

    @Test
    void it_is_named_after_time_and_plan_and_holds_the_plan() {
        Path path = ResultDirectory.create(results.resolve("a/b"), AT, plan).path();
        assertThat(path).isEqualTo(results.resolve("a/b/20261123T170102Z-demo"));
        PlanBuilder read = new PlanBuilder();
        PlanYaml.read(path.resolve("plan.yaml"), read);
        assertThat(read.build()).isEqualTo(plan);
    }

    @Test
    void a_second_run_of_the_same_second_gets_a_number() {
        ResultDirectory.create(results, AT, plan);
        assertThat(ResultDirectory.create(results, AT, plan).path()).hasFileName("20261123T170102Z-demo-2");
        assertThat(ResultDirectory.create(results, AT, plan).path()).hasFileName("20261123T170102Z-demo-3");
    }

    @Test
    void where_nothing_can_be_written_is_told_in_one_line() throws IOException {
        Path file = Files.writeString(results.resolve("file"), "");
        assertThatThrownBy(() -> ResultDirectory.create(file, AT, plan))
                .isInstanceOf(InputException.class)
                .hasMessage("--out: cannot write results to '" + file + "' (a file of that name is in the way)");
        assertThatThrownBy(() -> ResultDirectory.create(file.resolve("below"), AT, plan))
                .isInstanceOf(InputException.class)
                .hasMessageNotContaining("\n");
    }

    @Test
    void a_directory_that_is_no_result_is_refused() {
        assertThatThrownBy(() -> ResultDirectory.open(results))
                .isInstanceOf(InputException.class)
                .hasMessage("'" + results + "' is not the result of a run (it has no plan.yaml)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..",
                ".",
                "",
                "a/b",
                "../x",
                "a\\b",
                "a\u0000b",
                "-x",
                "a b",
                "ä",
                "abcdefghijklmnopqrstuvwxyz0123456"
            })
    void an_agents_name_that_is_none_never_becomes_a_path(String name) {
        ResultDirectory directory = ResultDirectory.create(results, AT, plan);
        assertThatThrownBy(() -> directory.agentFile(name, "measurements.csv"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(directory.path()).isDirectoryNotContaining("glob:**agents");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../plan.yaml", "plan.yaml", "", "measurements.csv/"})
    void only_files_that_are_known_are_collected(String file) {
        ResultDirectory directory = ResultDirectory.create(results, AT, plan);
        assertThatThrownBy(() -> directory.agentFile("p1", file)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_file_of_a_result_is_found_by_its_name_and_nothing_else_is() throws IOException {
        ResultDirectory directory = ResultDirectory.create(results, AT, plan);
        Path csv = directory.agentFile("p1", "measurements.csv");
        Files.writeString(csv, "seq_n\n");
        Files.writeString(directory.path().resolve("secret.txt"), "");
        Files.createSymbolicLink(directory.path().resolve("network.csv"), Path.of("/etc/hostname"));
        Files.createSymbolicLink(directory.path().resolve("agents/p2"), csv.getParent());
        assertThat(directory.files()).containsExactly("plan.yaml", "agents/p1/measurements.csv");
        assertThat(directory.file("agents/p1/measurements.csv")).contains(csv);
        for (String name : List.of(
                "",
                ".",
                "..",
                "secret.txt",
                "network.csv",
                "../x.csv",
                "agents/p2/measurements.csv",
                "agents/../plan.yaml",
                "agents/p1/../../plan.yaml",
                "/etc/hostname",
                "plan.yaml/",
                "agents/p1/other.csv",
                "plan.yaml\0")) {
            assertThat(directory.file(name)).as(name).isEmpty();
        }
    }
}

package dev.freshet.deploy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultDownloadTest {
    private static final String FILES = "/api/v1/runs/" + Frames.RUN + "/files";

    @TempDir
    private Path directory;

    private StubCoordinator stub;
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        stub = new StubCoordinator();
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private void lists(String path, long size) {
        stub.answersJson(FILES, 200, "{\"files\":[{\"path\":\"" + path + "\",\"size_bytes\":" + size + "}]}");
    }

    private Path fetch() throws Exception {
        return new ResultDownload(stub.client(), said::add).fetch(Frames.RUN, directory);
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void files_come_where_they_are_there() throws Exception {
        lists("agents/p1/measurements.csv", 4);
        stub.answers(FILES + "/agents/p1/measurements.csv", 200, "text/csv", "a,b\n");
        Path run = fetch();
        assertThat(run).isEqualTo(directory.resolve(Frames.RUN));
        assertThat(run.resolve("agents/p1/measurements.csv")).hasContent("a,b\n");
        assertThat(left()).hasSize(1);
        assertThat(said).hasSize(1).first().asString().contains("1 files", Frames.RUN);
    }

    @Test
    void a_file_that_comes_with_another_size_is_not_kept() throws IOException {
        lists("plan.yaml", 5);
        stub.answers(FILES + "/plan.yaml", 200, "application/yaml", "a: 1");
        assertThatThrownBy(this::fetch)
                .isInstanceOf(CoordinatorUnusable.class)
                .hasMessageContaining("4 of the 5 bytes of plan.yaml");
        assertThat(left()).isEmpty();
    }

    @Test
    void a_path_out_of_the_directory_is_refused_before_anything_is_written() throws IOException {
        for (String path : List.of("../plan.yaml", "/etc/passwd", "a/../../b", ".ssh/config", "a//b", "", "a\\\\b")) {
            stub.close();
            start();
            lists(path, 1);
            assertThatThrownBy(this::fetch).as(path).isInstanceOf(InputException.class);
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void what_is_there_already_is_left_as_it_is() throws IOException {
        Files.writeString(Files.createDirectory(directory.resolve(Frames.RUN)).resolve("plan.yaml"), "mine");
        lists("plan.yaml", 4);
        stub.answers(FILES + "/plan.yaml", 200, "application/yaml", "a: 1");
        assertThatThrownBy(this::fetch).isInstanceOf(InputException.class).hasMessageContaining("is there already");
        assertThat(directory.resolve(Frames.RUN).resolve("plan.yaml")).hasContent("mine");
    }
}

package dev.freshet.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshet.coordinator.results.merge.MergeProgress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Python of {@code docs/results.md} is run as it stands there. */
class DocumentedCheckTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "results.md");
    private static final Pattern PYTHON = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path results;

    private ResultDirectory directory;

    @BeforeEach
    void a_run_is_over() throws IOException {
        boolean python = Files.isExecutable(Path.of("/usr/bin/python3"));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(python).as("/usr/bin/python3 is needed").isTrue();
        }
        assumeTrue(python, "no /usr/bin/python3 here");
        SimulatedRun run = new SimulatedRun().play();
        directory = ResultDirectory.create(results, Instant.EPOCH, run.plan);
        run.deliver(directory);
        SummaryJson.write(directory, Summaries.of(run.facts()));
        ResultFiles.merge(directory.path(), MergeProgress.NONE);
    }

    private record Outcome(int exitCode, String output) {}

    private Outcome check() throws IOException, InterruptedException {
        Matcher script = PYTHON.matcher(Files.readString(DOCUMENT));
        assertThat(script.find()).isTrue();
        Path file = Files.writeString(results.resolve("check.py"), script.group(1));
        Path output = results.resolve("output");
        Process process = new ProcessBuilder("/usr/bin/python3", file.toString())
                .directory(directory.path().toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("python3 ended within 30 s")
                    .isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Outcome(process.exitValue(), Files.readString(output));
    }

    @Test
    void it_finds_the_percentiles_of_the_summary_in_the_measurements() throws Exception {
        Outcome outcome = check();
        assertThat(outcome.output()).contains("response_time   p999_us");
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
    }

    @Test
    void it_finds_a_percentile_that_is_wrong() throws Exception {
        Path summary = directory.path().resolve("summary.json");
        String text = Files.readString(summary);
        Files.writeString(summary, text.replaceFirst("\"p99_us\" : [0-9]+", "\"p99_us\" : 99999"));
        Outcome outcome = check();
        assertThat(outcome.exitCode()).isNotZero();
        assertThat(outcome.output()).contains("AssertionError: ('total', 'p99_us'");
    }
}

package dev.freshet.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.coordinator.results.RunFacts.Ending;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OutcomeTest {
    private static final Verdict VALID = Verdict.of(List.of(), List.of("a reason"), List.of());
    private static final Verdict INVALID = Verdict.of(List.of("a reason"), List.of(), List.of());
    private static final List<GateResult> PASSED = List.of(new GateResult("loss == 0", 0.0, true, null));
    private static final List<GateResult> FAILED = List.of(new GateResult("loss == 0", 1.0, false, null));

    @TempDir
    private Path results;

    @Test
    void of_several_the_gravest_counts() {
        Ending done = Ending.done(false);
        Ending lost = Ending.done(true);
        assertThat(Outcome.of(done, VALID, PASSED)).isEqualTo(Outcome.DONE);
        assertThat(Outcome.of(done, VALID, FAILED)).isEqualTo(Outcome.GATE_FAILED);
        assertThat(Outcome.of(done, INVALID, FAILED)).isEqualTo(Outcome.INVALID);
        assertThat(Outcome.of(lost, INVALID, FAILED)).isEqualTo(Outcome.AGENTS_LOST);
        assertThat(Outcome.of(Ending.stopped(1, "by the user", true), INVALID, FAILED))
                .isEqualTo(Outcome.STOPPED);
    }

    @ParameterizedTest
    @CsvSource({"loss == 0, done", "loss > 5, gate_failed"})
    void a_summary_that_does_not_say_it_yet_is_read_as_if_it_did(String gate, String outcome) throws IOException {
        SimulatedRun run = new SimulatedRun(gate).play();
        ResultDirectory directory = ResultDirectory.create(results, Instant.EPOCH, run.plan);
        String text = SummaryJson.text(Summaries.of(run.facts()));
        String member = "\"outcome\" : \"" + outcome + "\",";
        assertThat(text).contains(member);
        Files.writeString(directory.path().resolve(ResultDirectory.SUMMARY), text.replace(member, ""));
        assertThat(SummaryJson.read(directory).run().outcome()).hasToString(outcome.toUpperCase(Locale.ROOT));
    }
}

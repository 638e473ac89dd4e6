package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that stays after its run, so that the results can be fetched. */
class HeldResultTest {
    @TempDir
    private Path directory;

    @Test
    void a_held_coordinator_tells_its_result_last_and_stays_until_it_is_told_to_end() throws Exception {
        try (FreshetProcess coordinator = FreshetProcess.start(
                directory,
                "coordinator",
                "--port",
                "0",
                "--control-port",
                "0",
                "--agents",
                "1",
                "--patience",
                "1s",
                "--hold")) {
            coordinator.await("the result", () -> coordinator.stdout().equals("freshet: result 3 -\n"));
            coordinator.signal("TERM"); // fails if the process has ended
            assertThat(coordinator.exitCode()).isEqualTo(130);
            assertThat(coordinator.stdout()).isEqualTo("freshet: result 3 -\n");
        }
    }

    @Test
    void one_that_is_told_to_end_while_it_waits_for_agents_has_nothing_to_stay_for() throws Exception {
        try (FreshetProcess coordinator = FreshetProcess.start(
                directory,
                "coordinator",
                "--port",
                "0",
                "--control-port",
                "0",
                "--agents",
                "1",
                "--patience",
                "1h",
                "--hold")) {
            coordinator.awaitStderr("listens on");
            coordinator.signal("TERM");
            assertThat(coordinator.exitCode()).isEqualTo(130);
        }
    }
}

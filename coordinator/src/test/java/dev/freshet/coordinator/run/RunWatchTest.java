package dev.freshet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.RunBooks;
import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.RunStatus;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunWatchTest {
    private static final long T0_NANOS = 1_000_000_000_000L;

    private final Plan plan = new PlanBuilder().build();
    private final RunRequest request = RunRequest.launched(plan, Path.of("results"));
    private final List<Party> parties = request.parties(List.of());
    private final RunWatch watch = new RunWatch("id", plan, Instant.EPOCH);

    private RunStatus.Run status(RunState state, boolean withBooks) {
        RunSnapshot snapshot =
                RunSnapshot.planned(request.roles(), plan.timing(), 0).in(state);
        RunBooks books = withBooks ? new RunBooks(plan.timing(), parties, T0_NANOS / 1000, row -> {}) : null;
        return watch.status(snapshot, books, plan.rates(), T0_NANOS, T0_NANOS + 5_000_000_000L)
                .run();
    }

    @Test
    void a_run_that_goes_on_has_no_outcome() {
        assertThat(status(RunState.RUNNING, true).outcome()).isNull();
        assertThat(status(RunState.MERGING, true).outcome()).isNull();
    }

    /** Else whoever waits for one, a page or a command, waits for ever. */
    @Test
    void a_run_whose_results_could_not_be_written_has_an_outcome_all_the_same() {
        watch.unwritten("no room");
        assertThat(status(RunState.DONE, true).outcome()).isEqualTo(Outcome.INVALID);
        assertThat(status(RunState.STOPPED, true).outcome()).isEqualTo(Outcome.INVALID);
        assertThat(status(RunState.DONE, true).reason()).isEqualTo("the results cannot be written: no room");
    }

    @Test
    void a_run_that_never_began_to_send_lacked_agents_or_was_stopped() {
        assertThat(status(RunState.FAILED, false).outcome()).isEqualTo(Outcome.AGENTS_LOST);
        assertThat(status(RunState.STOPPED, false).outcome()).isEqualTo(Outcome.STOPPED);
    }
}

package dev.freshet.coordinator.web;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.StartedRun;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** What the routes ask of a coordinator. Called on its context, on which its answers come as well. */
public interface RunControl {
    /**
     * A rate that was changed while a run goes on.
     *
     * @param hertz messages a second of the whole fleet
     * @param fromSecond from then on, seconds after T0
     */
    record RateChange(double hertz, int fromSecond) {}

    /** Whether a run is in progress, or about to be: a fleet carries out one at a time. */
    boolean isBusy();

    /** The id of the run in progress, or null. */
    String currentRun();

    /** Where a run stands: the one in progress, or one of late that left no results. */
    Optional<RunStatus> status(String run);

    /** The coordinator now, with the run in progress, or else the last one. */
    CoordinatorStatus coordinator();

    /** Everyone in the fleet, and those that the run has lost. */
    List<AgentStatus> agents();

    /**
     * Chooses standing agents for a plan.
     *
     * @param patience how long to wait for those that are missing
     * @param wanted asked now and then: the waiting ends when nobody wants it any more
     * @return fails with {@link TimeoutException}, saying how many are missing, when the patience is over
     */
    Future<RunRequest> choose(Plan plan, Duration patience, BooleanSupplier wanted);

    /**
     * Everyone's part, by the links that the agents have.
     *
     * @throws dev.freshet.common.InputException if the plan cannot be split so
     */
    List<Party> parties(RunRequest request);

    /** @return fails with {@link dev.freshet.common.InputException} if it cannot begin */
    Future<StartedRun> begin(RunRequest request);

    /** Ends the run in progress in an orderly way that keeps its books. */
    void stop(String reason);

    /**
     * Changes the rate of the run in progress.
     *
     * @return fails with {@link dev.freshet.common.InputException} if it cannot be changed so, or not now
     */
    Future<RateChange> adjust(String run, Rate rate);
}

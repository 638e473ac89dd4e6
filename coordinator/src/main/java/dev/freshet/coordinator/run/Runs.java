package dev.freshet.coordinator.run;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.fleet.FleetAgent;
import dev.freshet.coordinator.results.ControlSecurity;
import dev.freshet.coordinator.results.RunStatus;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The run in progress, if there is one: a fleet carries out one at a time. Owned by the coordinator's context. */
public final class Runs {
    private static final int MAX_WITHOUT_RESULTS = 100;

    private final Vertx vertx;
    private final Fleet fleet;
    private final EpochClock clock;
    private final String version;
    private final ControlSecurity security;
    private final Map<String, RunStatus> withoutResults = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RunStatus> eldest) {
            return size() > MAX_WITHOUT_RESULTS;
        }
    };
    private RunDriver current;
    private RunDriver latest;
    private boolean beginning;
    private String stopReason;
    private boolean closing;
    private Future<RunResult> over = Future.succeededFuture();

    public Runs(Vertx vertx, Fleet fleet, EpochClock clock, String version, ControlSecurity security) {
        this.vertx = vertx;
        this.fleet = fleet;
        this.clock = clock;
        this.version = version;
        this.security = security;
    }

    /** Whether a run is in progress, or about to be. */
    public boolean isBusy() {
        return beginning || current != null;
    }

    /** The id of the run in progress, or null. */
    public String currentId() {
        return current == null ? null : current.id();
    }

    /** @return fails with {@link InputException} if another run is in progress, or the result directory cannot be made */
    public Future<StartedRun> begin(RunRequest request, RunListener listener) {
        if (isBusy()) {
            return Future.failedFuture(new InputException("another run is in progress"));
        }
        if (closing) {
            return Future.failedFuture(new InputException("the coordinator is closing"));
        }
        beginning = true;
        stopReason = null;
        Future<StartedRun> begun = vertx.executeBlocking(
                        () -> new RunArchive(vertx, request, version, security)) // makes the directory
                .onComplete(made -> beginning = false)
                .map(archive -> begin(request, archive, listener))
                .onFailure(failed -> current = null);
        over = begun.compose(StartedRun::end);
        return begun;
    }

    private StartedRun begin(RunRequest request, RunArchive archive, RunListener listener) {
        RunDriver driver = new RunDriver(vertx, fleet, clock, request, archive, listener);
        current = driver;
        latest = driver;
        Future<RunResult> end = driver.begin().onComplete(over -> {
            current = null;
            if (over.failed() || over.result().directory() == null) {
                withoutResults.put(driver.id(), driver.status());
            }
        });
        if (stopReason != null) { // it was stopped before it was there
            driver.stop(stopReason);
        }
        return new StartedRun(driver.id(), end);
    }

    /**
     * Ends the run in progress, if there is one, and lets no other begin.
     *
     * @return completes when it is over, however it ended
     */
    public Future<Void> close(String reason) {
        closing = true;
        stop(reason);
        return over.otherwiseEmpty().mapEmpty();
    }

    /** Where the run in progress stands, or how the last one ended; null if there was none yet. */
    public RunStatus status() {
        return latest == null ? null : latest.status();
    }

    /** Where a run stands: the one in progress, or one of those that left no results of late. */
    public Optional<RunStatus> status(String id) {
        return id.equals(currentId()) ? Optional.of(current.status()) : Optional.ofNullable(withoutResults.get(id));
    }

    /** The agents of the run in progress, or else of the last one. */
    public List<RunMember> members() {
        return latest == null ? List.of() : latest.members();
    }

    public void joined(FleetAgent agent) {
        if (current != null) {
            current.joined(agent);
        }
    }

    public void lost(String agent, String reason) {
        if (current != null) {
            current.lost(agent, reason);
        }
    }

    /** Ends the run in progress in an orderly way, if there is one. */
    public void stop(String reason) {
        if (current != null) {
            current.stop(reason);
        } else if (beginning) {
            stopReason = reason;
        }
    }

    /**
     * Changes the rate of a run while it sends.
     *
     * @return from when on, seconds after T0; fails with {@link InputException} if that run is not in progress, or its rate cannot be changed so
     */
    public Future<Integer> adjust(String runId, Rate rate) {
        return current != null && current.id().equals(runId)
                ? current.adjust(rate)
                : Future.failedFuture(new InputException("rate: run " + runId + " is not in progress"));
    }

    public void received(FleetAgent agent, Envelope<ToCoordinator> envelope) {
        if (current != null) {
            current.received(agent, envelope);
        }
    }

    public void clockHeard(FleetAgent agent) {
        if (current != null) {
            current.clockHeard(agent);
        }
    }
}

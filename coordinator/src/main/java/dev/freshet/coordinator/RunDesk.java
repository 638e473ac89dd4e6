package dev.freshet.coordinator;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.live.LiveFeed;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.Runs;
import dev.freshet.coordinator.run.StartedRun;
import dev.freshet.coordinator.web.RunControl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Runs as HTTP has them: with standing agents, told on the live feed, and answered for when they left no results. */
final class RunDesk implements RunControl {
    private final Vertx vertx;
    private final Fleet fleet;
    private final Runs runs;
    private final StatusBoard board;
    private final Path results;

    RunDesk(Vertx vertx, Fleet fleet, Runs runs, StatusBoard board, Path results) {
        this.vertx = vertx;
        this.fleet = fleet;
        this.runs = runs;
        this.board = board;
        this.results = results;
    }

    @Override
    public boolean isBusy() {
        return runs.isBusy();
    }

    @Override
    public String currentRun() {
        return runs.currentId();
    }

    @Override
    public Optional<RunStatus> status(String run) {
        return runs.status(run);
    }

    @Override
    public CoordinatorStatus coordinator() {
        return board.status();
    }

    @Override
    public List<AgentStatus> agents() {
        return board.agents();
    }

    @Override
    public Future<RunRequest> choose(Plan plan, Duration patience, BooleanSupplier wanted) {
        return new Gathering(vertx, fleet).begin(plan, results, patience, wanted);
    }

    @Override
    public List<Party> parties(RunRequest request) {
        List<String> bound = request.dependsOnLinks() ? request.producers() : List.of();
        return request.parties(
                bound.stream().map(name -> fleet.named(name).link()).toList());
    }

    @Override
    public Future<StartedRun> begin(RunRequest request) {
        LiveFeed feed = board.feed();
        return runs.begin(request, feed).onSuccess(run -> run.end().onComplete(over -> feed.tick()));
    }

    @Override
    public void stop(String reason) {
        runs.stop(reason);
    }

    @Override
    public Future<RateChange> adjust(String run, Rate rate) {
        return runs.adjust(run, rate).map(from -> new RateChange(rate.hertz(), from));
    }
}

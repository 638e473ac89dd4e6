package dev.freshet.coordinator.run;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.time.EpochClock;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.fleet.FleetAgent;
import dev.freshet.coordinator.results.ControlSecurity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The run in progress, if there is one: a fleet carries out one at a time. Owned by the coordinator's context. */
public final class Runs {
    private final Vertx vertx;
    private final Fleet fleet;
    private final EpochClock clock;
    private final String version;
    private final ControlSecurity security;
    private RunDriver current;

    public Runs(Vertx vertx, Fleet fleet, EpochClock clock, String version, ControlSecurity security) {
        this.vertx = vertx;
        this.fleet = fleet;
        this.clock = clock;
        this.version = version;
        this.security = security;
    }

    /** @return fails with {@link InputException} if another run is in progress, or the result directory cannot be made */
    public Future<RunResult> begin(RunRequest request, RunListener listener) {
        if (current != null) {
            return Future.failedFuture(new InputException("another run is in progress"));
        }
        try {
            RunArchive archive = new RunArchive(vertx, request, version, security);
            current = new RunDriver(vertx, fleet, clock, request, archive, listener);
            return current.begin().onComplete(over -> current = null);
        } catch (RuntimeException e) { // InputException: the directory; anything else must reach the caller as well
            current = null;
            return Future.failedFuture(e);
        }
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

    public void stop(String reason) {
        if (current != null) {
            current.stop(reason);
        }
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

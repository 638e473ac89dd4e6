package dev.freshet.agent.session;

import dev.freshet.agent.run.RunFactory;
import dev.freshet.common.InputException;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.time.EpochClock;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's life in the fleet: introduces itself, takes one run at a time, and serves it until it is released. All handlers run on the
 * link's thread, and none blocks.
 */
public final class AgentSession implements ControlLink.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);

    private final AgentIdentity identity;
    private final String coordinator;
    private final EpochClock clock;
    private final RunFactory factory;
    private final boolean endsWithCoordinator;
    private final ControlLink link;
    private SessionRun run;
    private volatile String refusal;

    /**
     * @param coordinator {@code tcp://host:port} of its control channel
     * @param clock the clock of everything this agent stamps
     * @param endsWithCoordinator whether the process ends when the coordinator is gone, as one does that was launched for a single run
     */
    public AgentSession(
            AgentIdentity identity,
            String coordinator,
            EpochClock clock,
            RunFactory factory,
            boolean endsWithCoordinator) {
        this.identity = identity;
        this.coordinator = coordinator;
        this.clock = clock;
        this.factory = factory;
        this.endsWithCoordinator = endsWithCoordinator;
        this.link = new ControlLink(coordinator, () -> identity.hello(run == null ? null : run.id()), clock, this);
    }

    /**
     * Serves until {@link #close}, a refusal, or, if so made, the loss of the coordinator. The calling thread becomes the control link's.
     *
     * @return why the coordinator refused this agent, or null
     */
    public String serve() {
        link.run();
        return refusal;
    }

    /** Says goodbye and ends {@link #serve}; from any thread. */
    @Override
    public void close() {
        link.execute(() -> {
            link.send(new ToCoordinator.Goodbye("stopped on its host"), List.of());
            link.close();
        });
    }

    @Override
    public void broken(Throwable error) {
        LOG.error("the control link's thread stumbled{}", run == null ? "" : " in run " + run.id(), error);
        if (run != null) {
            run.fail("control-link: " + error);
        }
    }

    @Override
    public void coordinatorLost() {
        endRun();
        if (endsWithCoordinator) {
            link.close();
        }
    }

    @Override
    public void ended() {
        endRun();
    }

    private void endRun() {
        if (run != null) {
            run.release();
            run = null;
        }
    }

    @Override
    public void on(ToAgent.Welcome welcome) {
        LOG.info("{} {} joined the fleet of {}", identity.role(), identity.name(), coordinator);
    }

    @Override
    public void on(ToAgent.Refuse refuse) {
        LOG.error("refused by {}: {}", coordinator, refuse.reason());
        refusal = refuse.reason();
        link.close();
    }

    @Override
    public void on(ToAgent.Ping ping) {
        throw new IllegalStateException("the link answers pings itself");
    }

    @Override
    public void on(ToAgent.Prepare prepare) {
        if (run != null) {
            fail(prepare.run(), "busy with run " + run.id());
            return;
        }
        try {
            run = new SessionRun(prepare, identity, link, clock, factory, this::failed);
        } catch (RuntimeException | Error e) {
            LOG.warn("run {} cannot be prepared", prepare.run(), e);
            fail(prepare.run(), e instanceof InputException ? e.getMessage() : e.toString());
            return;
        }
        run.bind();
    }

    /** A run that failed is over: the next one must find its ports and threads free. */
    private void failed(SessionRun over) {
        if (run == over) {
            endRun();
        }
    }

    private void fail(String runId, String reason) {
        link.send(new ToCoordinator.Failed(runId, reason), List.of());
    }

    @Override
    public void on(ToAgent.Connect connect) {
        if (isCurrent(connect.run(), connect)) {
            run.connect(connect.peers());
        }
    }

    @Override
    public void on(ToAgent.Start start) {
        if (isCurrent(start.run(), start)) {
            run.start(start.t0Nanos());
        }
    }

    @Override
    public void on(ToAgent.Stop stop) {
        if (isCurrent(stop.run(), stop)) {
            run.stop(stop.reason());
        }
    }

    @Override
    public void on(ToAgent.Collect collect) {
        if (isCurrent(collect.run(), collect)) {
            run.collect(collect);
        }
    }

    @Override
    public void on(ToAgent.Release release) {
        if (isCurrent(release.run(), release)) {
            endRun();
        }
    }

    /** An order for another run than the one in hand comes from a past that is over. */
    private boolean isCurrent(String runId, ToAgent order) {
        if (run != null && run.id().equals(runId)) {
            return true;
        }
        LOG.warn(
                "{} for run {} ignored: {}",
                order.getClass().getSimpleName(),
                runId,
                run == null ? "no run is in hand" : "busy with " + run.id());
        return false;
    }
}

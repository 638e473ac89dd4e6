package dev.freshet.agent.session;

import dev.freshet.agent.run.RunFactory;
import dev.freshet.common.InputException;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.keys.AgentKey;
import dev.freshet.common.time.EpochClock;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An agent's life in the fleet: introduces itself, takes one run at a time, and serves it until it is released. All handlers run on the
 * link's thread, and none blocks.
 */
public final class AgentSession implements ControlLink.Listener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentSession.class);
    private static final long RELEASE_SECONDS = 10;
    private static final long END_SECONDS = RELEASE_SECONDS + 2;

    private final AgentIdentity identity;
    private final String coordinator;
    private final EpochClock clock;
    private final RunFactory factory;
    private final boolean endsWithCoordinator;
    private final Path spoolParent;
    private final ControlLink link;
    private final CountDownLatch served = new CountDownLatch(1);
    private SessionRun run;
    private SessionRun ending; // released, but its ports and threads are not free yet
    private CompletableFuture<Void> ended = CompletableFuture.completedFuture(null);
    private ToAgent.Prepare waiting; // for the ending one
    private volatile Thread serving;
    private volatile String refusal;

    /**
     * @param coordinator {@code tcp://host:port} of its control channel
     * @param key what it lets us in with; null: without keys
     * @param clock the clock of everything this agent stamps
     * @param endsWithCoordinator whether the process ends when the coordinator is gone, as one does that was launched for a single run
     */
    public AgentSession(
            AgentIdentity identity,
            String coordinator,
            AgentKey key,
            EpochClock clock,
            RunFactory factory,
            boolean endsWithCoordinator) {
        this(
                identity,
                coordinator,
                key,
                clock,
                factory,
                endsWithCoordinator,
                Path.of(System.getProperty("java.io.tmpdir")));
    }

    /**
     * As above, with recordings kept in a place of one's own until the coordinator has them.
     *
     * @param spoolParent gets a directory for each run; made if it is not there
     */
    public AgentSession(
            AgentIdentity identity,
            String coordinator,
            AgentKey key,
            EpochClock clock,
            RunFactory factory,
            boolean endsWithCoordinator,
            Path spoolParent) {
        this.spoolParent = spoolParent;
        this.identity = identity;
        this.coordinator = coordinator;
        this.clock = clock;
        this.factory = factory;
        this.endsWithCoordinator = endsWithCoordinator;
        this.link = new ControlLink(coordinator, key, () -> identity.hello(run == null ? null : run.id()), clock, this);
    }

    /**
     * Serves until {@link #close}, a refusal, or, if so made, the loss of the coordinator. The calling thread becomes the control link's.
     *
     * @return why the coordinator refused this agent, or null
     */
    public String serve() {
        serving = Thread.currentThread();
        try {
            link.run();
            return refusal;
        } finally {
            served.countDown();
        }
    }

    /**
     * Says goodbye and ends {@link #serve}; from any thread. Waits until it has ended, for at most 12 s: a process that ends before has not said
     * goodbye, and leaves its recordings behind.
     */
    @Override
    public void close() {
        link.execute(() -> {
            link.send(new ToCoordinator.Goodbye("stopped on its host"), List.of());
            link.close();
        });
        Thread awaited = serving;
        if (awaited != null && awaited != Thread.currentThread()) {
            awaitServed();
        }
    }

    private void awaitServed() {
        try {
            if (!served.await(END_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("agent {} has not ended {} s after it was told to", identity.name(), END_SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
        try {
            ended.get(RELEASE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("the last run was not released in order", e);
        }
    }

    private void endRun() {
        waiting = null;
        if (run == null) {
            return;
        }
        SessionRun over = run;
        run = null;
        ending = over;
        ended = over.release().orTimeout(RELEASE_SECONDS, TimeUnit.SECONDS);
        ended.whenComplete((nothing, error) -> link.execute(() -> released(over, error)));
    }

    private void released(SessionRun over, Throwable error) {
        if (error != null) {
            LOG.error("run {} was not released in order", over.id(), error);
        }
        ending = null;
        ToAgent.Prepare next = waiting;
        waiting = null;
        if (next != null) {
            prepare(next); // if the run before still holds a port, this says so
        }
    }

    @Override
    public void welcomed() {
        LOG.info("{} {} joined the fleet of {}", identity.role(), identity.name(), coordinator);
    }

    @Override
    public void refused(String reason) {
        LOG.error("refused by {}: {}", coordinator, reason);
        refusal = reason;
        link.close();
    }

    @Override
    public void turnedAway(String reason) {
        LOG.error("{}{}", reason, endsWithCoordinator ? "" : "; trying on, in case that is mended");
        if (endsWithCoordinator) {
            refusal = reason;
            link.close();
        }
    }

    @Override
    public void on(ToAgent.Prepare prepare) {
        if (run != null) {
            fail(prepare.run(), "busy with run " + run.id());
        } else if (waiting != null) {
            fail(prepare.run(), "run " + waiting.run() + " is to be prepared already");
        } else if (ending != null) {
            LOG.info("run {} waits for run {} to be released", prepare.run(), ending.id());
            waiting = prepare;
        } else {
            prepare(prepare);
        }
    }

    private void prepare(ToAgent.Prepare prepare) {
        try {
            run = new SessionRun(prepare, identity, spoolParent, link, clock, factory, this::failed);
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
            run.start(start);
        }
    }

    @Override
    public void on(ToAgent.Adjust adjust) {
        if (isCurrent(adjust.run(), adjust)) {
            run.adjust(adjust);
        }
    }

    @Override
    public void on(ToAgent.Stop stop) {
        if (isWaiting(stop.run())) {
            waiting = null;
            fail(stop.run(), "stopped before it was prepared: " + stop.reason());
        } else if (isCurrent(stop.run(), stop)) {
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
        if (isWaiting(release.run())) {
            waiting = null;
        } else if (isCurrent(release.run(), release)) {
            endRun();
        }
    }

    private boolean isWaiting(String runId) {
        return waiting != null && waiting.run().equals(runId);
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

package dev.freshet.coordinator;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.control.ToCoordinator.Goodbye;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Pong;
import dev.freshet.common.keys.CoordinatorKeys;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.channel.AgentAddress;
import dev.freshet.coordinator.channel.ControlChannel;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.fleet.FleetAgent;
import dev.freshet.coordinator.live.LiveFeed;
import dev.freshet.coordinator.results.ControlSecurity;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.RunResult;
import dev.freshet.coordinator.run.Runs;
import dev.freshet.coordinator.run.StartedRun;
import dev.freshet.coordinator.web.PageFiles;
import dev.freshet.coordinator.web.Routes;
import dev.freshet.coordinator.web.RunControl;
import dev.freshet.coordinator.web.WebOptions;
import dev.freshet.coordinator.web.WebServer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The coordinator: a control channel, a fleet, and one run at a time. Fleet and runs live on one Vert.x context; the control channel has a
 * thread of its own, and so has the disk.
 */
public final class Coordinator implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Coordinator.class);
    private static final long CLOSE_SECONDS = 5;

    private static final long SERVE_SECONDS = 30;

    /** The live feed's snapshots are a second old at most. */
    private static final long HEARTBEATS_A_TICK = 1000 / ControlChannel.HEARTBEAT_MILLIS;

    /** The control channel's thread has not had a turn for so long: nor has what reads its sockets. */
    private static final long STANDSTILL_NANOS = 2_000_000_000L;

    /** A context that has done nothing for so long is dead: agents must not be told that it lives. */
    private static final long DEAD_NANOS = 60_000_000_000L;

    private final Vertx vertx;
    private final Context context;
    private final EpochClock clock = EpochClock.anchored();
    private final ControlChannel channel;
    private final Fleet fleet;
    private final Runs runs;
    private final StatusBoard board;
    private final LiveFeed feed;
    private Future<WebServer> web; // guarded by this; null until asked for
    private boolean closed; // guarded by this
    private long ticks;
    private volatile long handledBeatNanos = clock.epochNanos();

    /**
     * Binds the control channel and starts to serve.
     *
     * @param bindAddress a local address
     * @param controlPort 0 takes any free one
     * @param version of this program, for the results
     * @param keys of the control channel, with the list of those who may join; null for a channel without keys
     * @throws InputException if the port is taken
     */
    public Coordinator(String bindAddress, int controlPort, String version, CoordinatorKeys keys) {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(2));
        context = vertx.getOrCreateContext();
        try {
            channel = new ControlChannel(bindAddress, controlPort, keys, clock);
        } catch (InputException e) {
            await(vertx.close().toCompletionStage().toCompletableFuture(), "Vert.x");
            throw e;
        }
        fleet = new Fleet(this::send);
        runs = new Runs(vertx, fleet, clock, version, ControlSecurity.of(keys != null, bindAddress));
        board = new StatusBoard(version, channel.endpoint(), fleet, runs, clock);
        feed = board.feed();
        channel.start(new Inbound());
    }

    /** What agents dial: {@code tcp://host:port}. */
    public String endpoint() {
        return channel.endpoint();
    }

    /** The port of the control channel. */
    public int port() {
        return channel.port();
    }

    /**
     * Chooses standing agents for a plan, by name, as soon as enough of either role have joined.
     *
     * @return fails with {@link TimeoutException}, saying how many are missing, when {@code patience} is over
     */
    public CompletableFuture<RunRequest> gather(Plan plan, Path resultsDirectory, Duration patience) {
        CompletableFuture<RunRequest> chosen = new CompletableFuture<>();
        context.runOnContext(start -> new Gathering(vertx, fleet)
                .begin(plan, resultsDirectory, patience, () -> !chosen.isDone())
                .onSuccess(chosen::complete)
                .onFailure(chosen::completeExceptionally));
        return chosen;
    }

    /**
     * Carries out a plan with the agents that it names, as soon as they have joined.
     *
     * @return completes when the run is over, however it ended; fails with {@link InputException} if it cannot begin
     */
    public CompletableFuture<RunResult> run(RunRequest request, RunListener listener) {
        Promise<RunResult> promise = Promise.promise();
        context.runOnContext(start -> runs.begin(request, feed.and(listener))
                .compose(StartedRun::end)
                .onComplete(over -> feed.tick())
                .onComplete(promise));
        return promise.future().toCompletionStage().toCompletableFuture();
    }

    /**
     * Serves page and API over HTTP as well, until this is closed.
     *
     * @return where a browser finds the page
     * @throws InputException if the port is taken, or the certificate is none
     * @throws IllegalStateException if this has been closed, or is meanwhile
     */
    public String serve(WebOptions options) {
        try {
            return startWeb(options)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(SERVE_SECONDS, TimeUnit.SECONDS)
                    .url();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof InputException input ? input : new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no HTTP server within " + SERVE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the HTTP server was started", e);
        }
    }

    private Future<WebServer> startWeb(WebOptions options) {
        PageFiles page = PageFiles.read();
        Promise<WebServer> started = Promise.promise();
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the coordinator is closed");
            }
            web = started.future();
        }
        context.runOnContext(start -> {
            Future.succeededFuture()
                    .compose(ready -> {
                        board.controlledBy(options.controlAccess());
                        RunControl control = new RunDesk(vertx, fleet, runs, board, options.results());
                        return WebServer.start(vertx, options, new Routes(vertx, options, page, control, feed));
                    })
                    .onComplete(started);
        });
        return started.future();
    }

    /** Ends the run in progress, if there is one, in an orderly way that keeps its books; from any thread. */
    public void stopRun(String reason) {
        context.runOnContext(stop -> runs.stop(reason));
    }

    /**
     * Changes the rate of a run while it sends, of all producers together and from the same moment on; from any thread.
     *
     * @return from when on, seconds after T0; fails with {@link InputException}, one line that says why, if that run is not in progress, is not
     *     sending, or its rate cannot be changed so or not any more
     */
    public CompletableFuture<Integer> adjustRun(String runId, Rate rate) {
        Promise<Integer> promise = Promise.promise();
        context.runOnContext(adjust -> runs.adjust(runId, rate).onComplete(promise));
        return promise.future().toCompletionStage().toCompletableFuture();
    }

    /**
     * Ends the run in progress, if there is one, in an orderly way that keeps its books, and lets no other begin; from any thread.
     *
     * @return completes when it is over
     */
    public CompletableFuture<Void> endRuns(String reason) {
        Promise<Void> promise = Promise.promise();
        context.runOnContext(end -> runs.close(reason).onComplete(promise));
        return promise.future().toCompletionStage().toCompletableFuture();
    }

    /** Tells what a launcher has seen: the process of an agent has ended; from any thread. */
    public void agentEnded(String name, String reason) {
        context.runOnContext(ended -> {
            FleetAgent agent = fleet.named(name);
            if (agent != null) {
                fleet.remove(agent);
            }
            runs.lost(name, reason);
        });
    }

    private void send(AgentAddress to, ToAgent message) {
        if (message instanceof ToAgent.Refuse refusal) {
            channel.refuse(to, refusal);
        } else {
            channel.send(to, message);
        }
    }

    /**
     * Comes behind all that was received until then, as that may have waited here: an agent is not silent because nobody listened to it. For the same
     * reason nobody is judged by the first heartbeat after the whole process stood still.
     */
    private void heartbeat(long nowNanos) {
        boolean stoodStill = nowNanos - handledBeatNanos > STANDSTILL_NANOS;
        handledBeatNanos = nowNanos;
        for (FleetAgent agent : stoodStill ? List.<FleetAgent>of() : fleet.silent(nowNanos)) {
            String reason = "silent for " + (nowNanos - agent.lastHeardNanos()) / 1_000_000_000 + " s";
            LOG.warn("{} is lost: {}", agent.name(), reason);
            fleet.remove(agent);
            runs.lost(agent.name(), reason);
        }
        if (ticks++ % HEARTBEATS_A_TICK == 0) {
            feed.tick();
        }
    }

    /** Brings what arrives onto the context. */
    private final class Inbound implements ControlChannel.Receiver {
        @Override
        public void received(AgentAddress from, Envelope<ToCoordinator> envelope, long receivedNanos) {
            context.runOnContext(arrived -> dispatch(from, envelope, receivedNanos));
        }

        @Override
        public List<AgentAddress> beat(long nowNanos) {
            context.runOnContext(beat -> heartbeat(nowNanos));
            return nowNanos - handledBeatNanos > DEAD_NANOS ? List.of() : fleet.addresses();
        }

        @Override
        public void unreachable(AgentAddress to, ToAgent message) {
            LOG.debug("{} does not take {}", to, message.getClass().getSimpleName()); // its lease will tell
        }
    }

    private void dispatch(AgentAddress from, Envelope<ToCoordinator> envelope, long receivedNanos) {
        ToCoordinator message = envelope.message();
        if (message instanceof Hello hello) {
            FleetAgent joined = fleet.introduce(from, hello, receivedNanos);
            if (joined != null) {
                LOG.info("{} {} joined from {}", joined.role(), joined.name(), hello.host());
                runs.joined(joined);
            }
            return;
        }
        FleetAgent agent = fleet.heard(from, receivedNanos);
        if (agent == null) {
            channel.refuse(from, new ToAgent.Refuse("say Hello first: this coordinator does not know you"));
        } else if (message instanceof Pong pong) {
            fleet.pong(agent, pong, receivedNanos);
            runs.clockHeard(agent);
        } else {
            if (message instanceof Goodbye) {
                fleet.remove(agent);
            }
            runs.received(agent, envelope);
        }
    }

    /** Closes the channel and ends all threads, within a few seconds. */
    @Override
    public void close() {
        CompletableFuture<Void> told = new CompletableFuture<>();
        context.runOnContext(closing -> {
            // standing agents look for the next coordinator at once, instead of when their lease is over
            fleet.agents()
                    .forEach(agent -> channel.send(agent.address(), new ToAgent.Refuse("this coordinator is closing")));
            told.complete(null);
        });
        await(told, "the fleet");
        channel.close();
        Future<WebServer> serving = webToClose();
        if (serving != null) {
            CompletableFuture<Void> served = new CompletableFuture<>();
            context.runOnContext(
                    closing -> serving.compose(WebServer::close).onComplete(over -> served.complete(null)));
            await(served, "the HTTP server");
        }
        await(vertx.close().toCompletionStage().toCompletableFuture(), "Vert.x");
    }

    /** What serves, or is about to: it must have begun before it can be ended, and before its threads are. */
    private synchronized Future<WebServer> webToClose() {
        closed = true;
        return web;
    }

    private static void await(CompletableFuture<?> closing, String what) {
        try {
            closing.get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("{} did not close within {} s", what, CLOSE_SECONDS, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

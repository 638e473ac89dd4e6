package dev.freshet.coordinator.web;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.time.UtcTime;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.live.LiveFeed;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.StartedRun;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * A coordinator as a browser sees it, with the real routes and the real feed, whose fleet and run are a {@link ScriptedRun}: its time goes as fast
 * as a test wants, so an hour need not take one. {@code main} serves it for people who work on the page.
 */
final class SimulatedCoordinator implements RunControl, AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final Context context = vertx.getOrCreateContext();
    private final LiveFeed feed = new LiveFeed(this::coordinator, this::agents, this::now);
    private final List<String> orders = new CopyOnWriteArrayList<>();
    private final HttpServerOptions http =
            new HttpServerOptions().setHost("127.0.0.1").setCompressionSupported(true);
    private final Routes routes;
    private HttpServer server;
    private ScriptedRun run; // on the context only
    private int runs; // likewise
    private int port;
    private volatile FleetInterval lastRow;
    private volatile String control = "open";

    SimulatedCoordinator(int port) {
        this.port = port;
        routes = new Routes(vertx, WebOptions.forOneRun(0, Path.of("unused")), PageFiles.read(), this, feed);
        open();
    }

    /** Listens (again, on the same port). */
    void open() {
        Router router = Router.router(vertx);
        new Failures(vertx).addTo(router);
        router.get("/api/v1/runs/:id/agents/:name/intervals")
                .handler(request ->
                        JsonBody.send(request, 200, Map.of("intervals", intervals(request.pathParam("name")))));
        routes.addTo(router);
        server = await(() -> vertx.createHttpServer(http.setPort(port))
                .requestHandler(router)
                .listen());
        port = server.actualPort();
    }

    /** Breaks all connections and takes no new ones. */
    void hangUp() {
        await(() -> server.close());
    }

    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    /** Who may control runs, as pages are told. */
    void control(String word) {
        control = word;
    }

    /** What pages asked for: {@code stop} and {@code rate 500.0}. */
    List<String> orders() {
        return orders;
    }

    /** A run begins; its agents are gathered. */
    void begin(ScriptedRun.Script script) {
        onContext(() -> {
            run = new ScriptedRun(script, ++runs);
            feed.begun(run.id, run.plan);
            mark("state", null, "GATHERING: waiting for p2");
            return null;
        });
    }

    /** So many seconds go by. */
    void play(int seconds) {
        onContext(() -> {
            for (int i = 0; i < seconds && !run.isOver(); i++) {
                second();
            }
            return null;
        });
    }

    /** How many browsers follow the feed. */
    int viewers() {
        return onContext(feed::subscribers);
    }

    /** What the feed said of the last second. */
    FleetInterval lastRow() {
        return lastRow;
    }

    private void second() {
        if (run.second() == 0) {
            run.names()
                    .forEach(name ->
                            mark("joined", name, "from " + agentNamed(name).host()));
            mark("t0", null, "all start at " + ScriptedRun.T0);
            mark("state", null, "RUNNING");
        }
        if (run.losesNow()) {
            mark("lost", "p3", "no heartbeat for 3 s");
        }
        if (run.stepsNow()) {
            mark("rate", null, "rate 50% up, to " + Math.round(run.plan.rate().hertz() * 1.5) + "/s");
        }
        LiveRow row = run.next();
        lastRow = row.fleet();
        feed.row(row);
        if (run.isOver()) {
            mark("state", null, "DONE");
            feed.tick();
        }
    }

    private AgentStatus agentNamed(String name) {
        return agents().stream()
                .filter(agent -> agent.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Snapshots without a new row, as a second that goes by brings them. */
    void tick() {
        onContext(() -> {
            feed.tick();
            return null;
        });
    }

    private void mark(String kind, String agent, String text) {
        feed.event(EventLine.at(ScriptedRun.T0.plusSeconds(run.second()), kind, agent, text));
    }

    private String now() {
        return UtcTime.iso(run == null ? Instant.now() : ScriptedRun.T0.plusSeconds(run.second()));
    }

    @Override
    public CoordinatorStatus coordinator() {
        return new CoordinatorStatus(
                now(),
                new CoordinatorStatus.About(
                        "0.1.0",
                        UtcTime.iso(ScriptedRun.T0.minusSeconds(3600)),
                        "tcp://127.0.0.1:5550",
                        agents().size(),
                        control),
                run == null ? null : run.status());
    }

    private List<AgentInterval> intervals(String agent) {
        return run == null ? List.of() : new ArrayList<>(run.intervals(agent));
    }

    @Override
    public boolean isBusy() {
        return run != null && !run.isOver();
    }

    @Override
    public String currentRun() {
        return isBusy() ? run.id : null;
    }

    @Override
    public Optional<RunStatus> status(String id) {
        return run != null && run.id.equals(id) ? Optional.of(run.status()) : Optional.empty();
    }

    @Override
    public List<AgentStatus> agents() {
        return run == null ? List.of() : run.agents();
    }

    @Override
    public Future<RunRequest> choose(Plan plan, Duration patience, BooleanSupplier wanted) {
        return Future.failedFuture("a simulated coordinator starts no runs");
    }

    @Override
    public List<Party> parties(RunRequest request) {
        return List.of();
    }

    @Override
    public Future<StartedRun> begin(RunRequest request) {
        return Future.failedFuture("a simulated coordinator starts no runs");
    }

    @Override
    public void stop(String reason) {
        orders.add("stop");
    }

    @Override
    public Future<RateChange> adjust(String id, Rate rate) {
        orders.add("rate " + rate.hertz());
        return Future.succeededFuture(new RateChange(rate.hertz(), run.second() + 1));
    }

    private <T> T onContext(Callable<T> work) {
        return await(() -> {
            Promise<T> done = Promise.promise();
            context.runOnContext(go -> {
                try {
                    done.complete(work.call());
                } catch (Exception e) {
                    done.fail(e);
                }
            });
            return done.future();
        });
    }

    private static <T> T await(Supplier<Future<T>> begun) {
        try {
            return begun.get().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the simulated coordinator did not do it within 10 s", e);
        }
    }

    @Override
    public void close() {
        await(vertx::close);
    }

    /** Arguments: port, producers, seconds of the run, seconds of it that are over at once, speed. */
    public static void main(String... args) throws InterruptedException {
        int seconds = Integer.parseInt(args[2]);
        try (SimulatedCoordinator coordinator = new SimulatedCoordinator(Integer.parseInt(args[0]))) {
            System.out.println(coordinator.url());
            coordinator.begin(ScriptedRun.Script.of(Integer.parseInt(args[1]), seconds)
                    .losing(seconds / 2)
                    .stepping(seconds / 4));
            coordinator.play(Integer.parseInt(args[3]));
            long pauseMillis = Math.round(1000 / Double.parseDouble(args[4]));
            while (true) {
                coordinator.play(1);
                coordinator.tick();
                Thread.sleep(pauseMillis);
            }
        }
    }
}

package dev.freshet.coordinator.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.InputException;
import dev.freshet.common.Printable;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.StartedRun;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins, stops and changes runs. */
final class RunRoutes implements RouteGroup {
    private static final Logger LOG = LoggerFactory.getLogger(RunRoutes.class);
    private static final String RUNS = "/api/v1/runs";
    private static final Duration MAX_PATIENCE = Duration.ofMinutes(10);
    private static final int MAX_REASON_CHARACTERS = 200;

    private record Begun(Name run) {
        private record Name(String id, String name, String state) {}
    }

    private record Rehearsal(Object plan, List<PlannedShard> shards) {}

    private record Changed(
            @JsonProperty("rate_hz") double rateHertz,
            @JsonProperty("from_s") int fromSecond) {}

    private final Vertx vertx;
    private final RunControl control;
    private final boolean startsRuns;

    RunRoutes(Vertx vertx, RunControl control, boolean startsRuns) {
        this.vertx = vertx;
        this.control = control;
        this.startsRuns = startsRuns;
    }

    @Override
    public void addTo(Router router, ControlGuard guard) {
        guard.guard(router.post(RUNS), JsonBody.MEDIA_TYPE, "application/yaml").handler(this::begin);
        router.get(RUNS + "/:id").handler(this::status);
        guard.guard(router.post(RUNS + "/:id/stop"), JsonBody.MEDIA_TYPE).handler(this::stop);
        guard.guard(router.put(RUNS + "/:id/rate"), JsonBody.MEDIA_TYPE).handler(this::changeRate);
    }

    private void begin(RoutingContext context) {
        Queries.requireKnown(context, Set.of("patience", "dry_run"));
        boolean dryRun = Queries.flag(context, "dry_run");
        Duration patience = patience(context);
        if (!startsRuns) {
            throw Problem.of(
                            409,
                            "one-run-only",
                            "this coordinator carries out the one run that it was started for; 'freshet coordinator' takes others")
                    .exception();
        }
        String text = context.body().asString();
        vertx.executeBlocking(() -> plan(text == null ? "" : text)) // a mebibyte of YAML takes its time
                .compose(plan -> choose(context, plan, patience, dryRun))
                .compose(request -> dryRun ? rehearse(context, request) : begin(context, request))
                .onFailure(context::fail);
    }

    private static Duration patience(RoutingContext context) {
        String text = Queries.value(context, "patience");
        Duration patience = text == null ? Duration.ZERO : Durations.parse("patience", text);
        if (patience.compareTo(MAX_PATIENCE) > 0) {
            throw Problem.of(400, "patience: '" + text + "' is more than " + Durations.format(MAX_PATIENCE))
                    .exception();
        }
        return patience;
    }

    private static Plan plan(String text) {
        try {
            PlanBuilder builder = new PlanBuilder();
            PlanYaml.read("plan", text, builder);
            return builder.build();
        } catch (InputException e) {
            throw badPlan(e);
        }
    }

    private static ProblemException badPlan(InputException e) {
        return Problem.of(422, "bad-plan", e.getMessage()).exception();
    }

    private Future<RunRequest> choose(RoutingContext context, Plan plan, Duration patience, boolean dryRun) {
        requireIdle(dryRun);
        return control.choose(plan, patience, () -> !context.response().closed())
                .recover(failure -> {
                    if (!(failure instanceof TimeoutException)) {
                        return Future.failedFuture(failure);
                    }
                    return dryRun && !plan.weights().byLinkSpeed()
                            ? Future.succeededFuture(
                                    RunRequest.launched(plan, null)) // who they will be makes no difference
                            : Future.failedFuture(Problem.of(409, "agents-missing", failure.getMessage())
                                    .exception());
                });
    }

    private void requireIdle(boolean dryRun) {
        if (!dryRun && control.isBusy()) {
            throw Problem.of(
                            409,
                            "run-in-progress",
                            control.currentRun() == null
                                    ? "another run is about to begin"
                                    : "run " + control.currentRun() + " is in progress")
                    .exception();
        }
    }

    private Future<Void> rehearse(RoutingContext context, RunRequest request) {
        List<PlannedShard> shards;
        try {
            shards = control.parties(request).stream().map(PlannedShard::of).toList();
        } catch (InputException e) {
            throw badPlan(e);
        }
        JsonBody.send(context, 200, new Rehearsal(PlanYaml.keys(request.plan()), shards));
        return Future.succeededFuture();
    }

    private Future<Void> begin(RoutingContext context, RunRequest request) {
        requireIdle(false); // it may have become busy while agents were waited for
        return control.begin(request)
                .recover(failure -> Future.failedFuture(
                        failure instanceof InputException why
                                ? Problem.of(503, "cannot-begin", why.getMessage())
                                        .exception()
                                : failure))
                .map(run -> {
                    answerBegun(context, request, run);
                    return null;
                });
    }

    private void answerBegun(RoutingContext context, RunRequest request, StartedRun run) {
        if (context.response().closed()) { // whoever asked is gone, and nobody knows of it
            control.stop("whoever asked for it was gone before it began");
            return;
        }
        LOG.info(
                "run {} was begun over HTTP from {}",
                run.id(),
                context.request().remoteAddress());
        context.response().putHeader(HttpHeaders.LOCATION, RUNS + "/" + run.id());
        JsonBody.send(
                context, 201, new Begun(new Begun.Name(run.id(), request.plan().name(), "gathering")));
    }

    /** Of a run that goes on, or left no results; the others are in the results directory. */
    private void status(RoutingContext context) {
        control.status(context.pathParam("id"))
                .ifPresentOrElse(status -> JsonBody.send(context, 200, status), context::next);
    }

    private void stop(RoutingContext context) {
        String run = requireCurrent(context);
        String reason = JsonBody.members(context, Set.of("reason")).getOrDefault("reason", "asked for over HTTP");
        if (reason.isBlank() || reason.length() > MAX_REASON_CHARACTERS) {
            throw Problem.of(400, "reason: 1 to " + MAX_REASON_CHARACTERS + " characters, not " + reason.length())
                    .exception();
        }
        LOG.info("run {} is stopped over HTTP from {}", run, context.request().remoteAddress());
        control.stop(Printable.line(reason, MAX_REASON_CHARACTERS)); // it goes to logs and terminals
        JsonBody.send(context, 202, Map.of("run", Map.of("id", run)));
    }

    private void changeRate(RoutingContext context) {
        String run = requireCurrent(context);
        String text = JsonBody.members(context, Set.of("rate")).get("rate");
        if (text == null) {
            throw Problem.of(400, "the body must be an object with 'rate', like {\"rate\": \"500/s\"}")
                    .exception();
        }
        Rate rate = Rate.parse("rate", text);
        control.adjust(run, rate)
                .onSuccess(changed -> JsonBody.send(context, 200, new Changed(changed.hertz(), changed.fromSecond())))
                .onFailure(failure -> context.fail(
                        failure instanceof InputException refused
                                ? Problem.of(409, "rate-not-changed", refused.getMessage())
                                        .exception()
                                : failure));
    }

    private String requireCurrent(RoutingContext context) {
        String run = context.pathParam("id");
        if (!run.equals(control.currentRun())) {
            throw Problem.of(409, "run-not-in-progress", "that run is not in progress")
                    .exception();
        }
        return run;
    }
}

package dev.freshet.coordinator;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.run.RunRequest;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/** Chooses standing agents for a plan, by name, as soon as enough of either role have joined. On the coordinator's context. */
final class Gathering {
    private static final long LOOK_MILLIS = 100;

    private final Vertx vertx;
    private final Fleet fleet;

    Gathering(Vertx vertx, Fleet fleet) {
        this.vertx = vertx;
        this.fleet = fleet;
    }

    /**
     * Looks at once, and then again and again.
     *
     * @param wanted asked each time: fails with {@link CancellationException} when it says no
     * @return fails with {@link TimeoutException}, saying how many are missing, when {@code patience} is over
     */
    Future<RunRequest> begin(Plan plan, Path resultsDirectory, Duration patience, BooleanSupplier wanted) {
        Promise<RunRequest> promise = Promise.promise();
        long deadlineNanos = System.nanoTime() + patience.toNanos();
        look(plan, resultsDirectory, patience, promise, deadlineNanos);
        if (!promise.future().isComplete()) {
            vertx.setPeriodic(LOOK_MILLIS, timer -> {
                if (wanted.getAsBoolean()) {
                    look(plan, resultsDirectory, patience, promise, deadlineNanos);
                } else {
                    promise.tryFail(new CancellationException("nobody waits for these agents any more"));
                }
                if (promise.future().isComplete()) {
                    vertx.cancelTimer(timer);
                }
            });
        }
        return promise.future();
    }

    private void look(
            Plan plan, Path resultsDirectory, Duration patience, Promise<RunRequest> promise, long deadlineNanos) {
        List<String> producers = fleet.free(Role.PRODUCER, plan.agents());
        List<String> consumers = fleet.free(Role.CONSUMER, plan.consumers());
        if (producers.size() == plan.agents() && consumers.size() == plan.consumers()) {
            promise.complete(new RunRequest(plan, producers, consumers, resultsDirectory));
        } else if (System.nanoTime() - deadlineNanos >= 0) {
            promise.fail(new TimeoutException(String.format(
                    "%d of %d producers and %d of %d consumers have joined within %d s",
                    producers.size(), plan.agents(), consumers.size(), plan.consumers(), patience.toSeconds())));
        }
    }
}

package dev.freshet.coordinator.run;

import io.vertx.core.Future;

/**
 * A run that has begun.
 *
 * @param id the name of its result directory
 * @param end completes when it is over, however it ended; fails if its results cannot be written
 */
public record StartedRun(String id, Future<RunResult> end) {}

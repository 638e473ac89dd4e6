package dev.freshet.coordinator.run;

import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.UtcTime;
import dev.freshet.coordinator.books.RunBooks;
import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.RunStatus.Progress;
import dev.freshet.coordinator.run.RunSnapshot.Stage;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says where a run stands. Owned by the coordinator's context, but for {@link #merged}. */
final class RunWatch {
    private final String id;
    private final Plan plan;
    private final Instant started;
    private volatile double mergedShare;
    private String detail = "";
    private String unwritten;
    private Long endedNanos;

    RunWatch(String id, Plan plan, Instant started) {
        this.id = id;
        this.plan = plan;
        this.started = started;
    }

    /** What the run waits for, in words. */
    void waitsFor(String what) {
        detail = what;
    }

    /** Why there are no results, in words. */
    void unwritten(String why) {
        unwritten = why;
    }

    /** How far writing the results has come, 0 to 1; from any thread. */
    void merged(double share) {
        mergedShare = share;
    }

    /**
     * @param books null before T0
     * @param rates what is asked for over the run
     * @param t0Nanos nanoseconds since the epoch
     * @param nowNanos of the same clock
     */
    RunStatus status(RunSnapshot snapshot, RunBooks books, RateSteps rates, long t0Nanos, long nowNanos) {
        boolean over = snapshot.state().isFinal();
        if (over && endedNanos == null) {
            endedNanos = nowNanos;
        }
        RunStatus.Run run = new RunStatus.Run(
                id,
                plan.name(),
                snapshot.state().name().toLowerCase(Locale.ROOT),
                over ? outcome(snapshot, books) : null,
                reason(snapshot),
                detail,
                UtcTime.iso(started),
                books == null ? null : UtcTime.iso(t0Nanos / 1000),
                over ? UtcTime.iso(endedNanos / 1000) : null);
        Progress progress = progress(snapshot, books == null ? null : nowNanos - t0Nanos);
        return books == null
                ? RunStatus.without(plan, run, progress)
                : RunStatus.of(plan, rates, run, books.soFar(), progress);
    }

    /** Of a run whose summary there is not: it never began to send, or its results could not be written. */
    private static Outcome outcome(RunSnapshot snapshot, RunBooks books) {
        return books == null ? RunResult.outcomeWithoutBooks(snapshot.state()) : Outcome.INVALID;
    }

    private String reason(RunSnapshot snapshot) {
        List<String> reasons = new ArrayList<>(snapshot.reasons());
        if (unwritten != null) {
            reasons.add("the results cannot be written: " + unwritten);
        }
        return reasons.isEmpty() ? null : String.join("; ", reasons);
    }

    private Progress progress(RunSnapshot snapshot, Long afterT0Nanos) {
        Timing timing = plan.timing();
        Stage awaited = snapshot.awaited();
        List<String> waitingFor = awaited == null ? List.of() : snapshot.before(awaited);
        int expected = snapshot.roles().size();
        int lost = (int) snapshot.stages().values().stream()
                .filter(stage -> stage == Stage.LOST)
                .count();
        return new Progress(
                phase(snapshot.state(), afterT0Nanos),
                afterT0Nanos == null ? null : Math.max(0, Math.min(afterT0Nanos, timing.sendingNanos())) / 1e9,
                timing.sendingNanos() / 1e9,
                mergedShare,
                expected,
                expected - lost - waitingFor.size(),
                waitingFor);
    }

    private String phase(RunState state, Long afterT0Nanos) {
        if (state == RunState.DRAINING) {
            return "drain";
        }
        if (state != RunState.RUNNING) {
            return null;
        }
        return (Math.max(0, afterT0Nanos) < plan.timing().warmupNanos() ? Phase.WARMUP : Phase.MEASURED).toString();
    }
}

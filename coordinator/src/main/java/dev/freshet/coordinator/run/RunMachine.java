package dev.freshet.coordinator.run;

import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.run.RunEvent.Bound;
import dev.freshet.coordinator.run.RunEvent.Collected;
import dev.freshet.coordinator.run.RunEvent.Finished;
import dev.freshet.coordinator.run.RunEvent.Joined;
import dev.freshet.coordinator.run.RunEvent.Lost;
import dev.freshet.coordinator.run.RunEvent.Merged;
import dev.freshet.coordinator.run.RunEvent.Prepared;
import dev.freshet.coordinator.run.RunEvent.SendingOver;
import dev.freshet.coordinator.run.RunEvent.Synced;
import dev.freshet.coordinator.run.RunEvent.TimeOut;
import dev.freshet.coordinator.run.RunSnapshot.Stage;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run does next: a pure function from a snapshot and an event to the next snapshot and the effects. No clock, no sockets; time comes in
 * as the {@link TimeOut} of a deadline that an effect had asked for.
 */
final class RunMachine implements RunEvent.Handler<RunMachine.Step> {
    private static final long SECOND = 1_000_000_000L;
    static final long GATHERING_NANOS = 30 * SECOND;
    static final long SYNCING_NANOS = 15 * SECOND;

    /** A producer waits 15 s for its consumer's {@code start}, and 15 s for its subscriptions. */
    static final long PREPARING_NANOS = 30 * SECOND;

    /** What an agent may take beyond the time that the plan gives it. */
    static final long MARGIN_NANOS = 10 * SECOND;

    private final RunSnapshot now;

    record Step(RunSnapshot next, List<RunEffect> effects) {}

    private RunMachine(RunSnapshot now) {
        this.now = now;
    }

    static Step step(RunSnapshot now, RunEvent event) {
        return now.state().isFinal() ? new Step(now, List.of()) : event.handle(new RunMachine(now));
    }

    private Step nothing() {
        return new Step(now, List.of());
    }

    @Override
    public Step on(RunEvent.Begin begin) {
        if (now.state() != RunState.PLANNED) {
            return nothing();
        }
        List<RunEffect> effects = new ArrayList<>();
        effects.add(new RunEffect.Deadline(RunState.GATHERING, GATHERING_NANOS));
        return advance(now.in(RunState.GATHERING), effects);
    }

    @Override
    public Step on(Joined joined) {
        return advance(now.joined(joined.agent(), joined.host()));
    }

    @Override
    public Step on(RunEvent.Unplannable unplannable) {
        return now.state() == RunState.SYNCING ? fail(now.because(unplannable.reason())) : nothing();
    }

    @Override
    public Step on(Synced synced) {
        return advance(now.reached(synced.agent(), Stage.SYNCED));
    }

    @Override
    public Step on(Bound bound) {
        RunSnapshot at = now.reached(bound.agent(), Stage.BOUND);
        boolean last = at != now
                && at.state() == RunState.PREPARING
                && at.before(Stage.BOUND).isEmpty();
        return new Step(at, last ? List.of(new RunEffect.Connect()) : List.of());
    }

    @Override
    public Step on(Prepared prepared) {
        return advance(now.reached(prepared.agent(), Stage.PREPARED));
    }

    @Override
    public Step on(SendingOver over) {
        return now.state() == RunState.RUNNING ? drain(now, new ArrayList<>()) : nothing();
    }

    @Override
    public Step on(Finished finished) {
        return afterOneEnded(now.reached(finished.agent(), Stage.FINISHED), finished.agent());
    }

    @Override
    public Step on(Collected collected) {
        return advance(now.reached(collected.agent(), Stage.COLLECTED));
    }

    @Override
    public Step on(Lost lost) {
        Stage stage = now.stages().get(lost.agent());
        boolean allItHadIsHere = stage == Stage.COLLECTED || now.state() == RunState.MERGING;
        if (stage == null || stage == Stage.LOST || allItHadIsHere) {
            return nothing();
        }
        RunSnapshot at = now.lost(lost.agent(), lost.reason());
        return now.state().hasBooks() ? afterOneEnded(at, lost.agent()) : fail(at);
    }

    @Override
    public Step on(RunEvent.Stop stop) {
        if (now.state() == RunState.MERGING) {
            return nothing(); // the summary is being written, and says how it ended
        }
        RunSnapshot at = now.because(stop.reason()).stoppedByPerson();
        if (!now.state().hasBooks()) {
            return new Step(at.in(RunState.STOPPED), List.of(new RunEffect.Release(at.joined()), new RunEffect.End()));
        }
        if (now.state() != RunState.RUNNING && now.state() != RunState.DRAINING) {
            return new Step(at, List.of()); // the books are being closed already
        }
        List<RunEffect> effects = new ArrayList<>();
        effects.add(new RunEffect.StopAgents(at.before(Stage.FINISHED, Role.PRODUCER), stop.reason()));
        return now.state() == RunState.RUNNING ? drain(at, effects) : new Step(at, effects);
    }

    @Override
    public Step on(TimeOut timeOut) {
        if (timeOut.state() != now.state()) {
            return nothing(); // the deadline of a state that was left
        }
        return switch (now.state()) {
            case GATHERING -> failWaiting(Stage.JOINED, "not joined", GATHERING_NANOS);
            case SYNCING -> failWaiting(Stage.SYNCED, "not answered enough pings", SYNCING_NANOS);
            case PREPARING -> failWaiting(Stage.PREPARED, "not prepared", preparingNanos(now));
            case RUNNING -> drain(now, new ArrayList<>());
            case DRAINING -> now.hurried() ? loseUnfinished() : hurry();
            default -> nothing();
        };
    }

    @Override
    public Step on(Merged merged) {
        if (now.state() != RunState.MERGING) {
            return nothing();
        }
        RunState last = now.stopped() ? RunState.STOPPED : RunState.DONE;
        return new Step(now.in(last), List.of(new RunEffect.End()));
    }

    private static Step advance(RunSnapshot at) {
        return advance(at, new ArrayList<>());
    }

    /** Enters the next states for as long as nobody is waited for. */
    private static Step advance(RunSnapshot from, List<RunEffect> effects) {
        RunSnapshot at = from;
        if (at.state() == RunState.GATHERING && at.before(Stage.JOINED).isEmpty()) {
            effects.add(new RunEffect.PlanShards());
            at = enter(at, RunState.SYNCING, new RunEffect.Sync(), SYNCING_NANOS, effects);
        }
        if (at.state() == RunState.SYNCING && at.before(Stage.SYNCED).isEmpty()) {
            at = enter(at, RunState.PREPARING, new RunEffect.Prepare(), preparingNanos(at), effects);
        }
        if (at.state() == RunState.PREPARING && at.before(Stage.PREPARED).isEmpty()) {
            long nanos = at.timing().sendingNanos() + MARGIN_NANOS;
            at = enter(at, RunState.RUNNING, new RunEffect.Start(), nanos, effects);
        }
        if (at.state() == RunState.DRAINING && at.before(Stage.FINISHED).isEmpty()) {
            effects.add(new RunEffect.Collect(at.present()));
            at = at.in(RunState.COLLECTING);
        }
        if (at.state() == RunState.COLLECTING && at.before(Stage.COLLECTED).isEmpty()) {
            effects.add(new RunEffect.Release(at.joined()));
            effects.add(new RunEffect.Merge());
            at = at.in(RunState.MERGING);
        }
        return new Step(at, effects);
    }

    private static long preparingNanos(RunSnapshot at) {
        return PREPARING_NANOS + at.patienceNanos();
    }

    private static RunSnapshot enter(
            RunSnapshot from, RunState state, RunEffect effect, long deadlineNanos, List<RunEffect> effects) {
        effects.add(effect);
        effects.add(new RunEffect.Deadline(state, deadlineNanos));
        return from.in(state);
    }

    private static Step drain(RunSnapshot from, List<RunEffect> effects) {
        effects.add(new RunEffect.Deadline(RunState.DRAINING, from.timing().drainNanos() + 2 * SECOND));
        return stopConsumersAfterProducers(from.in(RunState.DRAINING), effects);
    }

    /** One agent has finished or is lost. */
    private static Step afterOneEnded(RunSnapshot at, String agent) {
        if (at.state() == RunState.RUNNING
                && at.before(Stage.FINISHED, Role.PRODUCER).isEmpty()) {
            return drain(at, new ArrayList<>()); // all were faster than the timer
        }
        if (at.state() == RunState.DRAINING && at.roles().get(agent) == Role.PRODUCER) {
            return stopConsumersAfterProducers(at, new ArrayList<>());
        }
        return advance(at);
    }

    /** When the last producer has ended, the consumers have nothing more to expect. */
    private static Step stopConsumersAfterProducers(RunSnapshot at, List<RunEffect> effects) {
        List<String> consumers = at.before(Stage.FINISHED, Role.CONSUMER);
        if (at.before(Stage.FINISHED, Role.PRODUCER).isEmpty() && !consumers.isEmpty()) {
            effects.add(new RunEffect.StopAgents(consumers, "all producers have finished"));
        }
        return advance(at, effects);
    }

    /** Whoever still sends or waits long after the last message was due is told to end, with its books in order. */
    private Step hurry() {
        return new Step(
                now.hurriedUp(),
                List.of(
                        new RunEffect.StopAgents(
                                now.before(Stage.FINISHED), "the time for sending and draining is over"),
                        new RunEffect.Deadline(RunState.DRAINING, now.timing().drainNanos() + MARGIN_NANOS)));
    }

    private Step loseUnfinished() {
        RunSnapshot at = now;
        for (String agent : now.before(Stage.FINISHED)) {
            at = at.lost(
                    agent,
                    "has not finished within " + (now.timing().drainNanos() + MARGIN_NANOS) / SECOND
                            + " s of being told to");
        }
        return advance(at);
    }

    private Step failWaiting(Stage awaited, String what, long waitedNanos) {
        List<String> missing = now.before(awaited).stream().map(now::named).toList();
        return fail(now.because(String.join(", ", missing) + (missing.size() == 1 ? " has " : " have ") + what
                + " within " + waitedNanos / SECOND + " s"));
    }

    private static Step fail(RunSnapshot at) {
        return new Step(at.in(RunState.FAILED), List.of(new RunEffect.Release(at.joined()), new RunEffect.End()));
    }
}

package dev.freshet.coordinator.run;

import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a run does next: a pure function from a snapshot and an event to the next snapshot and the effects. No clock, no sockets; time comes in
 * as the {@link Event.TimeOut} of a deadline that an effect had asked for.
 */
final class RunMachine {
    /** How far an agent has come. */
    enum Stage {
        EXPECTED,
        JOINED,
        SYNCED,
        BOUND,
        PREPARED,
        FINISHED,
        COLLECTED,
        LOST
    }

    /**
     * @param roles the agents of the run
     * @param stages how far each has come
     * @param timing for the deadlines
     * @param reasons why the run failed, was stopped or is short of an agent, in words
     * @param stopped whether a person ended it
     */
    record Snapshot(
            RunState state,
            Map<String, Role> roles,
            Map<String, Stage> stages,
            Timing timing,
            List<String> reasons,
            boolean stopped) {
        static Snapshot planned(Map<String, Role> roles, Timing timing) {
            Map<String, Stage> stages = new LinkedHashMap<>();
            roles.keySet().forEach(name -> stages.put(name, Stage.EXPECTED));
            return new Snapshot(RunState.PLANNED, roles, stages, timing, List.of(), false);
        }

        private Snapshot in(RunState next) {
            return new Snapshot(next, roles, stages, timing, reasons, stopped);
        }

        private Snapshot with(String agent, Stage stage) {
            Map<String, Stage> changed = new LinkedHashMap<>(stages);
            changed.put(agent, stage);
            return new Snapshot(state, roles, changed, timing, reasons, stopped);
        }

        private Snapshot because(String reason) {
            List<String> more = new ArrayList<>(reasons);
            more.add(reason);
            return new Snapshot(state, roles, stages, timing, more, stopped);
        }

        private Snapshot stoppedByPerson() {
            return new Snapshot(state, roles, stages, timing, reasons, true);
        }

        /** Agents that have not come as far as {@code stage}; lost ones are waited for no more. */
        List<String> before(Stage stage) {
            return stages.entrySet().stream()
                    .filter(entry -> entry.getValue().compareTo(stage) < 0)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        List<String> present() {
            return stages.entrySet().stream()
                    .filter(entry -> entry.getValue() != Stage.LOST && entry.getValue() != Stage.EXPECTED)
                    .map(Map.Entry::getKey)
                    .toList();
        }

        boolean anyLost() {
            return stages.containsValue(Stage.LOST);
        }
    }

    /** What happens to a run. */
    sealed interface Event {
        record Begin() implements Event {}

        record Joined(String agent) implements Event {}

        record Synced(String agent) implements Event {}

        record Bound(String agent) implements Event {}

        record Prepared(String agent) implements Event {}

        /** The last message is due now. */
        record SendingOver() implements Event {}

        record Finished(String agent) implements Event {}

        /** Its files are here, or it has become clear that they will not be. */
        record Collected(String agent) implements Event {}

        /** It is gone, or cannot do its shard. */
        record Lost(String agent, String reason) implements Event {}

        record Stop(String reason) implements Event {}

        /** The deadline of {@code state} has passed. */
        record TimeOut(RunState state) implements Event {}

        record Merged() implements Event {}
    }

    /** What is to be done. */
    sealed interface Effect {
        record Sync() implements Effect {}

        record Prepare() implements Effect {}

        record Connect() implements Effect {}

        record Start() implements Effect {}

        /** Tells agents to end their part. */
        record StopAgents(List<String> agents, String reason) implements Effect {}

        record Collect(List<String> agents) implements Effect {}

        record Merge() implements Effect {}

        record Release(List<String> agents) implements Effect {}

        /** Sends {@link Event.TimeOut} for {@code state} unless it has been left by then. */
        record Deadline(RunState state, long nanos) implements Effect {}

        /** The run is over. */
        record End() implements Effect {}
    }

    record Step(Snapshot next, List<Effect> effects) {}

    private static final long SECOND = 1_000_000_000L;
    static final long GATHERING_NANOS = 30 * SECOND;
    static final long SYNCING_NANOS = 10 * SECOND;
    static final long PREPARING_NANOS = 30 * SECOND;
    static final long MARGIN_NANOS = 10 * SECOND;

    private RunMachine() {}

    static Step step(Snapshot now, Event event) {
        if (now.state().isFinal()) {
            return new Step(now, List.of());
        }
        if (event instanceof Event.Lost lost) {
            return lost(now, lost);
        }
        if (event instanceof Event.Stop stop) {
            return stop(now, stop.reason());
        }
        if (event instanceof Event.TimeOut timeOut) {
            return timeOut.state() == now.state() ? timeOut(now) : new Step(now, List.of());
        }
        if (event instanceof Event.Begin) {
            return advance(now.in(RunState.GATHERING), new Effect.Deadline(RunState.GATHERING, GATHERING_NANOS));
        }
        if (event instanceof Event.Joined joined) {
            return advance(reached(now, joined.agent(), Stage.JOINED));
        }
        if (event instanceof Event.Synced synced) {
            return advance(reached(now, synced.agent(), Stage.SYNCED));
        }
        if (event instanceof Event.Bound bound) {
            return bound(now, bound.agent());
        }
        if (event instanceof Event.Prepared prepared) {
            return advance(reached(now, prepared.agent(), Stage.PREPARED));
        }
        if (event instanceof Event.SendingOver) {
            return now.state() == RunState.RUNNING ? draining(now, new ArrayList<>()) : new Step(now, List.of());
        }
        if (event instanceof Event.Finished finished) {
            return finished(now, finished.agent());
        }
        if (event instanceof Event.Collected collected) {
            return advance(reached(now, collected.agent(), Stage.COLLECTED));
        }
        return now.state() == RunState.MERGING ? end(now) : new Step(now, List.of());
    }

    /** Moves an agent forward; never back, and never from lost. */
    private static Snapshot reached(Snapshot now, String agent, Stage stage) {
        Stage current = now.stages().get(agent);
        return current == null || current.compareTo(stage) >= 0 ? now : now.with(agent, stage);
    }

    /** Enters the next states for as long as nobody is waited for. */
    private static Step advance(Snapshot now, Effect... first) {
        List<Effect> effects = new ArrayList<>(List.of(first));
        Snapshot at = now;
        if (at.state() == RunState.GATHERING && at.before(Stage.JOINED).isEmpty()) {
            at = enter(at, RunState.SYNCING, SYNCING_NANOS, effects, new Effect.Sync());
        }
        if (at.state() == RunState.SYNCING && at.before(Stage.SYNCED).isEmpty()) {
            at = enter(at, RunState.PREPARING, PREPARING_NANOS, effects, new Effect.Prepare());
        }
        if (at.state() == RunState.PREPARING && at.before(Stage.PREPARED).isEmpty()) {
            at = enter(at, RunState.RUNNING, at.timing().sendingNanos() + MARGIN_NANOS, effects, new Effect.Start());
        }
        if (at.state() == RunState.DRAINING && at.before(Stage.FINISHED).isEmpty()) {
            List<String> finished = at.present();
            at = at.in(RunState.COLLECTING);
            effects.add(new Effect.Collect(finished));
        }
        if (at.state() == RunState.COLLECTING && at.before(Stage.COLLECTED).isEmpty()) {
            at = at.in(RunState.MERGING);
            effects.add(new Effect.Release(at.present()));
            effects.add(new Effect.Merge());
        }
        return new Step(at, effects);
    }

    private static Snapshot enter(
            Snapshot now, RunState state, long deadlineNanos, List<Effect> effects, Effect effect) {
        effects.add(effect);
        effects.add(new Effect.Deadline(state, deadlineNanos));
        return now.in(state);
    }

    private static Step bound(Snapshot now, String agent) {
        Snapshot at = reached(now, agent, Stage.BOUND);
        boolean last = at != now
                && at.state() == RunState.PREPARING
                && at.before(Stage.BOUND).isEmpty();
        return new Step(at, last ? List.of(new Effect.Connect()) : List.of());
    }

    private static Step draining(Snapshot now, List<Effect> effects) {
        effects.add(new Effect.Deadline(RunState.DRAINING, now.timing().drainNanos() + MARGIN_NANOS));
        return stopConsumersAfterProducers(now.in(RunState.DRAINING), effects);
    }

    private static Step finished(Snapshot now, String agent) {
        Snapshot at = reached(now, agent, Stage.FINISHED);
        boolean producer = at.roles().get(agent) == Role.PRODUCER;
        if (at.state() == RunState.RUNNING
                && producersBefore(at, Stage.FINISHED).isEmpty()) {
            return draining(at, new ArrayList<>()); // all were faster than the timer
        }
        if (at.state() == RunState.DRAINING && producer) {
            return stopConsumersAfterProducers(at, new ArrayList<>());
        }
        return advance(at);
    }

    /** When the last producer has finished, the consumers have nothing more to expect. */
    private static Step stopConsumersAfterProducers(Snapshot now, List<Effect> effects) {
        List<String> consumers = now.before(Stage.FINISHED).stream()
                .filter(name -> now.roles().get(name) == Role.CONSUMER)
                .toList();
        if (producersBefore(now, Stage.FINISHED).isEmpty() && !consumers.isEmpty()) {
            effects.add(new Effect.StopAgents(consumers, "all producers have finished"));
        }
        Step step = advance(now);
        effects.addAll(step.effects());
        return new Step(step.next(), effects);
    }

    private static List<String> producersBefore(Snapshot now, Stage stage) {
        return now.before(stage).stream()
                .filter(name -> now.roles().get(name) == Role.PRODUCER)
                .toList();
    }

    private static Step lost(Snapshot now, Event.Lost lost) {
        Stage stage = now.stages().get(lost.agent());
        if (stage == null || stage == Stage.LOST) {
            return new Step(now, List.of());
        }
        String reason = lost.agent() + ": " + lost.reason();
        if (!now.state().hasBooks()) {
            return fail(now.with(lost.agent(), Stage.LOST).because(reason));
        }
        if (stage == Stage.COLLECTED || now.state() == RunState.MERGING) {
            return new Step(now, List.of()); // all it had is here
        }
        Snapshot at = now.with(lost.agent(), Stage.LOST).because(reason);
        if (at.state() == RunState.RUNNING
                && producersBefore(at, Stage.FINISHED).isEmpty()) {
            return draining(at, new ArrayList<>());
        }
        if (at.state() == RunState.DRAINING && at.roles().get(lost.agent()) == Role.PRODUCER) {
            return stopConsumersAfterProducers(at, new ArrayList<>());
        }
        return advance(at);
    }

    private static Step stop(Snapshot now, String reason) {
        Snapshot at = now.because(reason).stoppedByPerson();
        if (!now.state().hasBooks()) {
            return new Step(at.in(RunState.STOPPED), List.of(new Effect.Release(at.present()), new Effect.End()));
        }
        if (now.state() != RunState.RUNNING && now.state() != RunState.DRAINING) {
            return new Step(at, List.of()); // the books are being closed already
        }
        List<Effect> effects = new ArrayList<>();
        List<String> producers = producersBefore(at, Stage.FINISHED);
        effects.add(new Effect.StopAgents(producers, reason));
        if (now.state() == RunState.DRAINING) {
            return new Step(at, effects);
        }
        return draining(at, effects);
    }

    private static Step timeOut(Snapshot now) {
        switch (now.state()) {
            case GATHERING:
                return fail(now, Stage.JOINED, "has not joined", GATHERING_NANOS);
            case SYNCING:
                return fail(now, Stage.SYNCED, "has not answered pings", SYNCING_NANOS);
            case PREPARING:
                return fail(now, Stage.PREPARED, "is not prepared", PREPARING_NANOS);
            case RUNNING:
                return draining(now, new ArrayList<>());
            case DRAINING:
                return loseUnfinished(now);
            default:
                return new Step(now, List.of());
        }
    }

    private static Step fail(Snapshot now, Stage awaited, String what, long waitedNanos) {
        String missing = now.before(awaited).stream()
                .collect(Collectors.joining(", ", "", " " + what + " within " + waitedNanos / SECOND + " s"));
        Snapshot at = now;
        for (String agent : now.before(awaited)) {
            at = at.with(agent, now.stages().get(agent) == Stage.EXPECTED ? Stage.EXPECTED : Stage.LOST);
        }
        return fail(at.because(missing));
    }

    private static Step fail(Snapshot now) {
        return new Step(now.in(RunState.FAILED), List.of(new Effect.Release(now.present()), new Effect.End()));
    }

    private static Step loseUnfinished(Snapshot now) {
        Snapshot at = now;
        for (String agent : now.before(Stage.FINISHED)) {
            at = at.with(agent, Stage.LOST)
                    .because(agent + ": has not finished " + (now.timing().drainNanos() + MARGIN_NANOS) / SECOND
                            + " s after the last message was due");
        }
        return advance(at);
    }

    private static Step end(Snapshot now) {
        RunState last = now.stopped() ? RunState.STOPPED : RunState.DONE;
        return new Step(now.in(last), List.of(new Effect.End()));
    }

    /** The agents and their stages, for an error or a log. */
    static String describe(Snapshot now) {
        return new TreeMap<>(now.stages()).toString();
    }
}

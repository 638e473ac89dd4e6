package dev.freshet.coordinator.run;

import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Timing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A run at one moment; immutable.
 *
 * @param roles the agents of the run
 * @param stages how far each has come
 * @param hosts where each that has joined is
 * @param losses why each that is lost is, in words
 * @param timing for the deadlines
 * @param patienceNanos how much longer preparing may take, as consumers that are not ours are waited for; 0 if there are none
 * @param reasons why the run failed, was stopped or is short of an agent, in words
 * @param stopped whether a person ended it
 * @param hurried whether those that are late in draining have been told to end
 */
record RunSnapshot(
        RunState state,
        Map<String, Role> roles,
        Map<String, Stage> stages,
        Map<String, String> hosts,
        Map<String, String> losses,
        Timing timing,
        long patienceNanos,
        List<String> reasons,
        boolean stopped,
        boolean hurried) {
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

    static RunSnapshot planned(Map<String, Role> roles, Timing timing, long patienceNanos) {
        Map<String, Stage> stages = new LinkedHashMap<>();
        roles.keySet().forEach(name -> stages.put(name, Stage.EXPECTED));
        return new RunSnapshot(
                RunState.PLANNED, roles, stages, Map.of(), Map.of(), timing, patienceNanos, List.of(), false, false);
    }

    RunSnapshot in(RunState next) {
        return new RunSnapshot(next, roles, stages, hosts, losses, timing, patienceNanos, reasons, stopped, hurried);
    }

    RunSnapshot with(String agent, Stage stage) {
        Map<String, Stage> changed = new LinkedHashMap<>(stages);
        changed.put(agent, stage);
        return new RunSnapshot(state, roles, changed, hosts, losses, timing, patienceNanos, reasons, stopped, hurried);
    }

    /** Moves an agent forward; never back, and never from lost. */
    RunSnapshot reached(String agent, Stage stage) {
        Stage current = stages.get(agent);
        return current == null || current.compareTo(stage) >= 0 ? this : with(agent, stage);
    }

    RunSnapshot joined(String agent, String host) {
        if (!roles.containsKey(agent)) {
            return this;
        }
        RunSnapshot at = reached(agent, Stage.JOINED);
        return new RunSnapshot(
                state,
                roles,
                at.stages,
                and(hosts, agent, host),
                losses,
                timing,
                patienceNanos,
                reasons,
                stopped,
                hurried);
    }

    /** Gives an agent up; its loss is one of the reasons. */
    RunSnapshot lost(String agent, String reason) {
        RunSnapshot at = with(agent, Stage.LOST).because(named(agent) + ": " + reason);
        return new RunSnapshot(
                state,
                roles,
                at.stages,
                hosts,
                and(losses, agent, reason),
                timing,
                patienceNanos,
                at.reasons,
                stopped,
                hurried);
    }

    private static Map<String, String> and(Map<String, String> known, String agent, String text) {
        Map<String, String> more = new LinkedHashMap<>(known);
        more.put(agent, text);
        return more;
    }

    /** An agent as people are to find it: with its host, where the fleet spans several. */
    String named(String agent) {
        boolean severalHosts = hosts.values().stream().distinct().count() > 1;
        return severalHosts && hosts.containsKey(agent) ? agent + " on " + hosts.get(agent) : agent;
    }

    RunSnapshot because(String reason) {
        List<String> more = new ArrayList<>(reasons);
        more.add(reason);
        return new RunSnapshot(state, roles, stages, hosts, losses, timing, patienceNanos, more, stopped, hurried);
    }

    RunSnapshot stoppedByPerson() {
        return new RunSnapshot(state, roles, stages, hosts, losses, timing, patienceNanos, reasons, true, hurried);
    }

    RunSnapshot hurriedUp() {
        return new RunSnapshot(state, roles, stages, hosts, losses, timing, patienceNanos, reasons, stopped, true);
    }

    /** Agents that have not come as far as {@code stage}; lost ones are waited for no more. */
    List<String> before(Stage stage) {
        return stages.keySet().stream()
                .filter(name -> stages.get(name).compareTo(stage) < 0)
                .toList();
    }

    /** Of those, the ones in a role. */
    List<String> before(Stage stage, Role role) {
        return before(stage).stream().filter(name -> roles.get(name) == role).toList();
    }

    /** What the agents must have reached for the run to go on; null in a state that waits for none. */
    Stage awaited() {
        return switch (state) {
            case PLANNED, GATHERING -> Stage.JOINED;
            case SYNCING -> Stage.SYNCED;
            case PREPARING -> Stage.PREPARED;
            case DRAINING -> Stage.FINISHED;
            case COLLECTING -> Stage.COLLECTED;
            case RUNNING, MERGING, DONE, FAILED, STOPPED -> null;
        };
    }

    /** Agents that are in the run. */
    List<String> present() {
        return joined().stream().filter(name -> stages.get(name) != Stage.LOST).toList();
    }

    /** Agents that ever joined. */
    List<String> joined() {
        return stages.keySet().stream()
                .filter(name -> stages.get(name) != Stage.EXPECTED)
                .toList();
    }

    boolean anyLost() {
        return stages.containsValue(Stage.LOST);
    }
}

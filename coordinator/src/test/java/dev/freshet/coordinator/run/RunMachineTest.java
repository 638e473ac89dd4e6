package dev.freshet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Timing;
import dev.freshet.coordinator.run.RunMachine.Effect;
import dev.freshet.coordinator.run.RunMachine.Event;
import dev.freshet.coordinator.run.RunMachine.Snapshot;
import dev.freshet.coordinator.run.RunMachine.Stage;
import dev.freshet.coordinator.run.RunMachine.Step;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RunMachineTest {
    private static final Timing TIMING = new Timing(1_000_000_000L, 2_000_000_000L, 5_000_000_000L);

    private Snapshot now = Snapshot.planned(roles(), TIMING);
    private final List<Effect> effects = new ArrayList<>();

    private static Map<String, Role> roles() {
        Map<String, Role> roles = new LinkedHashMap<>();
        roles.put("p1", Role.PRODUCER);
        roles.put("p2", Role.PRODUCER);
        roles.put("c1", Role.CONSUMER);
        return roles;
    }

    private void happens(Event... events) {
        effects.clear();
        for (Event event : events) {
            Step step = RunMachine.step(now, event);
            now = step.next();
            effects.addAll(step.effects());
        }
    }

    private void run() {
        happens(new Event.Begin());
        for (String agent : roles().keySet()) {
            happens(new Event.Joined(agent));
        }
        for (String agent : roles().keySet()) {
            happens(new Event.Synced(agent));
        }
        for (String agent : roles().keySet()) {
            happens(new Event.Bound(agent));
        }
        for (String agent : roles().keySet()) {
            happens(new Event.Prepared(agent));
        }
        assertThat(now.state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void a_run_in_which_nothing_goes_wrong_passes_through_every_state_in_order() {
        List<RunState> states = new ArrayList<>();
        List<Event> events = new ArrayList<>(List.of(new Event.Begin()));
        roles().keySet().forEach(agent -> events.add(new Event.Joined(agent)));
        roles().keySet().forEach(agent -> events.add(new Event.Synced(agent)));
        roles().keySet().forEach(agent -> events.add(new Event.Bound(agent)));
        roles().keySet().forEach(agent -> events.add(new Event.Prepared(agent)));
        events.add(new Event.SendingOver());
        roles().keySet().forEach(agent -> events.add(new Event.Finished(agent)));
        roles().keySet().forEach(agent -> events.add(new Event.Collected(agent)));
        events.add(new Event.Merged());
        for (Event event : events) {
            happens(event);
            if (states.isEmpty() || states.get(states.size() - 1) != now.state()) {
                states.add(now.state());
            }
        }
        assertThat(states)
                .containsExactly(
                        RunState.GATHERING,
                        RunState.SYNCING,
                        RunState.PREPARING,
                        RunState.RUNNING,
                        RunState.DRAINING,
                        RunState.COLLECTING,
                        RunState.MERGING,
                        RunState.DONE);
        assertThat(now.reasons()).isEmpty();
    }

    @Test
    void agents_are_connected_only_when_the_last_one_is_bound() {
        happens(new Event.Begin());
        roles().keySet().forEach(agent -> happens(new Event.Joined(agent)));
        roles().keySet().forEach(agent -> happens(new Event.Synced(agent)));
        happens(new Event.Bound("p1"), new Event.Bound("p2"));
        assertThat(effects).isEmpty();
        happens(new Event.Bound("c1"));
        assertThat(effects).containsExactly(new Effect.Connect());
        happens(new Event.Bound("c1"));
        assertThat(effects).as("told twice").isEmpty();
    }

    @Test
    void consumers_are_told_to_end_when_the_last_producer_has_finished() {
        run();
        happens(new Event.SendingOver(), new Event.Finished("p1"));
        assertThat(effects).noneMatch(Effect.StopAgents.class::isInstance);
        happens(new Event.Finished("p2"));
        assertThat(effects).contains(new Effect.StopAgents(List.of("c1"), "all producers have finished"));
        happens(new Event.Finished("c1"));
        assertThat(effects).containsExactly(new Effect.Collect(List.of("p1", "p2", "c1")));
    }

    @Test
    void a_producer_lost_in_mid_run_does_not_end_it_and_is_waited_for_no_more() {
        run();
        happens(new Event.Lost("p1", "killed"));
        assertThat(now.state()).isEqualTo(RunState.RUNNING);
        happens(new Event.SendingOver(), new Event.Finished("p2"), new Event.Finished("c1"));
        assertThat(effects).contains(new Effect.Collect(List.of("p2", "c1")));
        happens(new Event.Collected("p2"), new Event.Collected("c1"), new Event.Merged());
        assertThat(now.state()).isEqualTo(RunState.DONE);
        assertThat(now.anyLost()).isTrue();
        assertThat(now.reasons()).containsExactly("p1: killed");
    }

    @Test
    void an_agent_lost_before_the_start_fails_the_run_and_releases_the_others() {
        happens(new Event.Begin(), new Event.Joined("p1"), new Event.Joined("p2"));
        happens(new Event.Lost("p2", "port 5555 is in use"));
        assertThat(now.state()).isEqualTo(RunState.FAILED);
        assertThat(effects).containsExactly(new Effect.Release(List.of("p1")), new Effect.End());
        assertThat(now.reasons()).containsExactly("p2: port 5555 is in use");
    }

    @Test
    void a_wait_that_takes_too_long_names_those_who_are_waited_for() {
        happens(new Event.Begin(), new Event.Joined("p2"));
        happens(new Event.TimeOut(RunState.GATHERING));
        assertThat(now.state()).isEqualTo(RunState.FAILED);
        assertThat(now.reasons()).containsExactly("p1, c1 has not joined within 30 s");
    }

    @Test
    void the_deadline_of_a_state_that_was_left_means_nothing() {
        run();
        happens(new Event.TimeOut(RunState.GATHERING), new Event.TimeOut(RunState.PREPARING));
        assertThat(now.state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void agents_that_do_not_finish_are_lost_when_the_drain_is_over() {
        run();
        happens(new Event.SendingOver(), new Event.Finished("p1"), new Event.Finished("c1"));
        happens(new Event.TimeOut(RunState.DRAINING));
        assertThat(now.stages().get("p2")).isEqualTo(Stage.LOST);
        assertThat(now.state()).isEqualTo(RunState.COLLECTING);
        assertThat(now.reasons()).containsExactly("p2: has not finished 15 s after the last message was due");
    }

    @Test
    void a_run_that_is_stopped_closes_its_books_before_it_ends() {
        run();
        happens(new Event.Stop("interrupted"));
        assertThat(effects).contains(new Effect.StopAgents(List.of("p1", "p2"), "interrupted"));
        roles().keySet().forEach(agent -> happens(new Event.Finished(agent)));
        roles().keySet().forEach(agent -> happens(new Event.Collected(agent)));
        assertThat(effects).contains(new Effect.Merge());
        happens(new Event.Merged());
        assertThat(now.state()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void a_run_that_is_stopped_before_the_start_just_ends() {
        happens(new Event.Begin(), new Event.Joined("p1"), new Event.Stop("interrupted"));
        assertThat(now.state()).isEqualTo(RunState.STOPPED);
        assertThat(effects).contains(new Effect.End());
    }

    /** Whatever happens in whatever order: from a final state there is no way out, it ends once, and deadlines alone bring it to an end. */
    @Test
    void no_order_of_events_leaves_a_run_without_an_end() {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            now = Snapshot.planned(roles(), TIMING);
            long ends = 0;
            for (int i = 0; i < 60; i++) {
                happens(anything(random));
                ends += effects.stream().filter(Effect.End.class::isInstance).count();
            }
            happens(new Event.Begin());
            for (int i = 0; i < 4; i++) {
                happens(new Event.TimeOut(now.state()));
                ends += effects.stream().filter(Effect.End.class::isInstance).count();
            }
            if (now.state() == RunState.COLLECTING) { // whoever collects gives up by itself
                for (String agent : now.before(Stage.COLLECTED)) {
                    happens(new Event.Collected(agent));
                }
            }
            happens(new Event.Merged());
            ends += effects.stream().filter(Effect.End.class::isInstance).count();
            assertThat(now.state().isFinal())
                    .as("seed " + seed + ": " + RunMachine.describe(now))
                    .isTrue();
            assertThat(ends).as("seed " + seed).isEqualTo(1);
        }
    }

    private static Event anything(SplittableRandom random) {
        String agent = List.of("p1", "p2", "c1", "stranger").get(random.nextInt(4));
        return switch (random.nextInt(12)) {
            case 0 -> new Event.Begin();
            case 1, 2 -> new Event.Joined(agent);
            case 3, 4 -> new Event.Synced(agent);
            case 5 -> new Event.Bound(agent);
            case 6, 7 -> new Event.Prepared(agent);
            case 8 -> new Event.SendingOver();
            case 9 -> new Event.Finished(agent);
            case 10 -> random.nextInt(5) == 0 ? new Event.Lost(agent, "gone") : new Event.Collected(agent);
            default -> random.nextInt(10) == 0 ? new Event.Stop("enough") : new Event.Merged();
        };
    }
}

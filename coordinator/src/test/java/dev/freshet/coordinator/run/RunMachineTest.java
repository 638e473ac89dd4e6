package dev.freshet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Timing;
import dev.freshet.coordinator.run.RunMachine.Step;
import dev.freshet.coordinator.run.RunSnapshot.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RunMachineTest {
    private static final Timing TIMING = new Timing(1_000_000_000L, 2_000_000_000L, 5_000_000_000L);

    private RunSnapshot now = RunSnapshot.planned(roles(), TIMING, 0);
    private final List<RunEffect> effects = new ArrayList<>();

    private static Map<String, Role> roles() {
        Map<String, Role> roles = new LinkedHashMap<>();
        roles.put("p1", Role.PRODUCER);
        roles.put("p2", Role.PRODUCER);
        roles.put("c1", Role.CONSUMER);
        return roles;
    }

    private void happens(RunEvent... events) {
        effects.clear();
        for (RunEvent event : events) {
            Step step = RunMachine.step(now, event);
            now = step.next();
            effects.addAll(step.effects());
        }
    }

    private void run() {
        happens(new RunEvent.Begin());
        for (String agent : roles().keySet()) {
            happens(new RunEvent.Joined(agent, "here"));
        }
        for (String agent : roles().keySet()) {
            happens(new RunEvent.Synced(agent));
        }
        for (String agent : roles().keySet()) {
            happens(new RunEvent.Bound(agent));
        }
        for (String agent : roles().keySet()) {
            happens(new RunEvent.Prepared(agent));
        }
        assertThat(now.state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void a_run_in_which_nothing_goes_wrong_passes_through_every_state_in_order() {
        List<RunState> states = new ArrayList<>();
        List<RunEvent> events = new ArrayList<>(List.of(new RunEvent.Begin()));
        roles().keySet().forEach(agent -> events.add(new RunEvent.Joined(agent, "here")));
        roles().keySet().forEach(agent -> events.add(new RunEvent.Synced(agent)));
        roles().keySet().forEach(agent -> events.add(new RunEvent.Bound(agent)));
        roles().keySet().forEach(agent -> events.add(new RunEvent.Prepared(agent)));
        events.add(new RunEvent.SendingOver());
        roles().keySet().forEach(agent -> events.add(new RunEvent.Finished(agent)));
        roles().keySet().forEach(agent -> events.add(new RunEvent.Collected(agent)));
        events.add(new RunEvent.Merged());
        for (RunEvent event : events) {
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
    void shards_are_planned_when_the_last_agent_has_joined_and_before_anything_else() {
        happens(new RunEvent.Begin(), new RunEvent.Joined("p1", "here"), new RunEvent.Joined("c1", "here"));
        assertThat(effects).noneMatch(RunEffect.PlanShards.class::isInstance);
        happens(new RunEvent.Joined("p2", "here"));
        assertThat(effects).startsWith(new RunEffect.PlanShards(), new RunEffect.Sync());
    }

    @Test
    void a_plan_that_cannot_be_split_fails_the_run_before_anything_is_prepared() {
        happens(new RunEvent.Begin());
        roles().keySet().forEach(agent -> happens(new RunEvent.Joined(agent, "here")));
        happens(new RunEvent.Unplannable("weights: the speed of p1's link is not known"));
        assertThat(now.state()).isEqualTo(RunState.FAILED);
        assertThat(now.reasons()).containsExactly("weights: the speed of p1's link is not known");
        assertThat(effects).containsExactly(new RunEffect.Release(List.of("p1", "p2", "c1")), new RunEffect.End());
    }

    @Test
    void agents_are_connected_only_when_the_last_one_is_bound() {
        happens(new RunEvent.Begin());
        roles().keySet().forEach(agent -> happens(new RunEvent.Joined(agent, "here")));
        roles().keySet().forEach(agent -> happens(new RunEvent.Synced(agent)));
        happens(new RunEvent.Bound("p1"), new RunEvent.Bound("p2"));
        assertThat(effects).isEmpty();
        happens(new RunEvent.Bound("c1"));
        assertThat(effects).containsExactly(new RunEffect.Connect());
        happens(new RunEvent.Bound("c1"));
        assertThat(effects).as("told twice").isEmpty();
    }

    @Test
    void consumers_are_told_to_end_when_the_last_producer_has_finished() {
        run();
        happens(new RunEvent.SendingOver(), new RunEvent.Finished("p1"));
        assertThat(effects).noneMatch(RunEffect.StopAgents.class::isInstance);
        happens(new RunEvent.Finished("p2"));
        assertThat(effects).contains(new RunEffect.StopAgents(List.of("c1"), "all producers have finished"));
        happens(new RunEvent.Finished("c1"));
        assertThat(effects).containsExactly(new RunEffect.Collect(List.of("p1", "p2", "c1")));
    }

    @Test
    void a_producer_lost_in_mid_run_does_not_end_it_and_is_waited_for_no_more() {
        run();
        happens(new RunEvent.Lost("p1", "killed"));
        assertThat(now.state()).isEqualTo(RunState.RUNNING);
        happens(new RunEvent.SendingOver(), new RunEvent.Finished("p2"), new RunEvent.Finished("c1"));
        assertThat(effects).contains(new RunEffect.Collect(List.of("p2", "c1")));
        happens(new RunEvent.Collected("p2"), new RunEvent.Collected("c1"), new RunEvent.Merged());
        assertThat(now.state()).isEqualTo(RunState.DONE);
        assertThat(now.anyLost()).isTrue();
        assertThat(now.reasons()).containsExactly("p1: killed");
    }

    @Test
    void an_agent_lost_before_the_start_fails_the_run_and_releases_the_others() {
        happens(new RunEvent.Begin(), new RunEvent.Joined("p1", "here"), new RunEvent.Joined("p2", "here"));
        happens(new RunEvent.Lost("p2", "port 5555 is in use"));
        assertThat(now.state()).isEqualTo(RunState.FAILED);
        assertThat(effects)
                .as("the one that failed is released as well: it may be alive")
                .containsExactly(new RunEffect.Release(List.of("p1", "p2")), new RunEffect.End());
        assertThat(now.reasons()).containsExactly("p2: port 5555 is in use");
    }

    @Test
    void where_the_fleet_spans_several_hosts_reasons_name_them() {
        happens(new RunEvent.Begin(), new RunEvent.Joined("p1", "h1"), new RunEvent.Joined("p2", "h2"));
        happens(new RunEvent.Lost("p2", "data port: port 6000 on 10.77.0.3 is in use"));
        assertThat(now.reasons()).containsExactly("p2 on h2: data port: port 6000 on 10.77.0.3 is in use");
        assertThat(now.losses()).containsOnly(Map.entry("p2", "data port: port 6000 on 10.77.0.3 is in use"));
    }

    @Test
    void whoever_is_waited_for_in_vain_is_named_with_its_host() {
        happens(new RunEvent.Begin());
        happens(new RunEvent.Joined("p1", "h1"), new RunEvent.Joined("p2", "h2"), new RunEvent.Joined("c1", "h1"));
        happens(new RunEvent.Synced("p1"), new RunEvent.TimeOut(RunState.SYNCING));
        assertThat(now.reasons()).containsExactly("p2 on h2, c1 on h1 have not answered enough pings within 15 s");
    }

    @Test
    void a_wait_that_takes_too_long_names_those_who_are_waited_for() {
        happens(new RunEvent.Begin(), new RunEvent.Joined("p2", "here"));
        happens(new RunEvent.TimeOut(RunState.GATHERING));
        assertThat(now.state()).isEqualTo(RunState.FAILED);
        assertThat(now.reasons()).containsExactly("p1, c1 have not joined within 30 s");
    }

    @Test
    void preparing_takes_as_much_longer_as_external_consumers_may_take() {
        for (long patienceSeconds : new long[] {0, 60}) {
            now = RunSnapshot.planned(roles(), TIMING, patienceSeconds * 1_000_000_000L);
            happens(new RunEvent.Begin());
            roles().keySet().forEach(agent -> happens(new RunEvent.Joined(agent, "here")));
            roles().keySet().forEach(agent -> happens(new RunEvent.Synced(agent)));
            assertThat(effects)
                    .contains(new RunEffect.Deadline(RunState.PREPARING, (30 + patienceSeconds) * 1_000_000_000L));
            happens(new RunEvent.TimeOut(RunState.PREPARING));
            assertThat(now.reasons())
                    .containsExactly("p1, p2, c1 have not prepared within " + (30 + patienceSeconds) + " s");
        }
    }

    @Test
    void the_deadline_of_a_state_that_was_left_means_nothing() {
        run();
        happens(new RunEvent.TimeOut(RunState.GATHERING), new RunEvent.TimeOut(RunState.PREPARING));
        assertThat(now.state()).isEqualTo(RunState.RUNNING);
    }

    @Test
    void agents_that_are_late_in_draining_are_told_to_end_and_lost_only_if_they_do_not() {
        run();
        happens(new RunEvent.SendingOver(), new RunEvent.Finished("p1"));
        happens(new RunEvent.TimeOut(RunState.DRAINING));
        assertThat(effects)
                .contains(new RunEffect.StopAgents(List.of("p2", "c1"), "the time for sending and draining is over"));
        assertThat(now.anyLost()).isFalse();
        happens(new RunEvent.Finished("c1"));
        happens(new RunEvent.TimeOut(RunState.DRAINING));
        assertThat(now.stages().get("p2")).isEqualTo(Stage.LOST);
        assertThat(now.stages().get("c1")).isEqualTo(Stage.FINISHED);
        assertThat(now.state()).isEqualTo(RunState.COLLECTING);
        assertThat(now.reasons()).containsExactly("p2: has not finished within 15 s of being told to");
    }

    @Test
    void a_run_that_is_stopped_closes_its_books_before_it_ends() {
        run();
        happens(new RunEvent.Stop("interrupted"));
        assertThat(effects).contains(new RunEffect.StopAgents(List.of("p1", "p2"), "interrupted"));
        roles().keySet().forEach(agent -> happens(new RunEvent.Finished(agent)));
        roles().keySet().forEach(agent -> happens(new RunEvent.Collected(agent)));
        assertThat(effects).contains(new RunEffect.Merge());
        happens(new RunEvent.Merged());
        assertThat(now.state()).isEqualTo(RunState.STOPPED);
    }

    @Test
    void a_run_whose_summary_is_being_written_is_stopped_no_more() {
        run();
        happens(new RunEvent.SendingOver());
        roles().keySet().forEach(agent -> happens(new RunEvent.Finished(agent)));
        roles().keySet().forEach(agent -> happens(new RunEvent.Collected(agent)));
        happens(new RunEvent.Stop("interrupted"), new RunEvent.Merged());
        assertThat(now.state()).isEqualTo(RunState.DONE);
        assertThat(now.reasons()).isEmpty();
    }

    @Test
    void a_run_that_is_stopped_before_the_start_just_ends() {
        happens(new RunEvent.Begin(), new RunEvent.Joined("p1", "here"), new RunEvent.Stop("interrupted"));
        assertThat(now.state()).isEqualTo(RunState.STOPPED);
        assertThat(effects).contains(new RunEffect.End());
    }

    /** Whatever happens in whatever order: from a final state there is no way out, it ends once, and deadlines alone bring it to an end. */
    @Test
    void no_order_of_events_leaves_a_run_without_an_end() {
        for (int seed = 0; seed < 2_000; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            now = RunSnapshot.planned(roles(), TIMING, 0);
            long ends = 0;
            for (int i = 0; i < 60; i++) {
                happens(anything(random));
                ends += effects.stream().filter(RunEffect.End.class::isInstance).count();
            }
            happens(new RunEvent.Begin());
            for (int i = 0; i < 5; i++) {
                happens(new RunEvent.TimeOut(now.state()));
                ends += effects.stream().filter(RunEffect.End.class::isInstance).count();
            }
            if (now.state() == RunState.COLLECTING) { // whoever collects gives up by itself
                for (String agent : now.before(Stage.COLLECTED)) {
                    happens(new RunEvent.Collected(agent));
                }
            }
            happens(new RunEvent.Merged());
            ends += effects.stream().filter(RunEffect.End.class::isInstance).count();
            assertThat(now.state().isFinal())
                    .as("seed " + seed + ": " + now.stages())
                    .isTrue();
            assertThat(ends).as("seed " + seed).isEqualTo(1);
        }
    }

    private static RunEvent anything(SplittableRandom random) {
        String agent = List.of("p1", "p2", "c1", "stranger").get(random.nextInt(4));
        return switch (random.nextInt(12)) {
            case 0 -> new RunEvent.Begin();
            case 1, 2 -> new RunEvent.Joined(agent, "here");
            case 3, 4 -> new RunEvent.Synced(agent);
            case 5 -> new RunEvent.Bound(agent);
            case 6, 7 -> new RunEvent.Prepared(agent);
            case 8 -> new RunEvent.SendingOver();
            case 9 -> new RunEvent.Finished(agent);
            case 10 -> random.nextInt(5) == 0 ? new RunEvent.Lost(agent, "gone") : new RunEvent.Collected(agent);
            default -> random.nextInt(10) == 0 ? new RunEvent.Stop("enough") : new RunEvent.Merged();
        };
    }
}

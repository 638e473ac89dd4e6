package dev.freshet.coordinator.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Pong;
import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.channel.AgentAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final AgentAddress HERE = new AgentAddress("p1/a", "192.0.2.1", null);
    private static final AgentAddress THERE = new AgentAddress("p1/b", "192.0.2.2", null);
    private static final long LEASE_NANOS = Fleet.LEASE_MILLIS * 1_000_000;

    private final List<ToAgent> sent = new ArrayList<>();
    private final Fleet fleet = new Fleet((to, message) -> sent.add(message));

    private static Hello hello(String name, String incarnation) {
        return new Hello(name, incarnation, "daq1", 42, "0.1.0", Role.PRODUCER, Map.of(), List.of(), 2, null);
    }

    @Test
    void an_agent_that_says_hello_twice_joins_once_and_is_answered_twice() {
        assertThat(fleet.introduce(HERE, hello("p1", "a"), 0)).isNotNull();
        assertThat(fleet.introduce(HERE, hello("p1", "a"), 1)).isNull();
        assertThat(sent).hasSize(2).allMatch(ToAgent.Welcome.class::isInstance);
        assertThat(fleet.agents()).hasSize(1);
    }

    @Test
    void a_name_that_is_taken_is_refused_with_the_reason() {
        fleet.introduce(HERE, hello("p1", "a"), 0);
        assertThat(fleet.introduce(THERE, hello("p1", "b"), 2_000_000)).isNull();
        assertThat(sent.get(1))
                .isEqualTo(new ToAgent.Refuse("the name p1 is taken by an agent on daq1 (pid 42), heard 2 ms ago"));
    }

    @Test
    void a_name_is_free_again_when_its_agent_is_gone() {
        fleet.remove(fleet.introduce(HERE, hello("p1", "a"), 0));
        assertThat(fleet.introduce(THERE, hello("p1", "b"), 1)).isNotNull();
    }

    @Test
    void a_name_that_would_be_a_path_is_refused() {
        assertThat(fleet.introduce(HERE, hello("../p1", "a"), 0)).isNull();
        assertThat(sent.get(0)).isInstanceOf(ToAgent.Refuse.class);
    }

    @Test
    void a_copied_hello_from_elsewhere_is_not_welcomed_and_keeps_no_dead_agent_alive() {
        fleet.introduce(HERE, hello("p1", "a"), 0);
        AgentAddress copier = new AgentAddress("p1/a", "192.0.2.9", null);
        assertThat(fleet.introduce(copier, hello("p1", "a"), LEASE_NANOS)).isNull();
        assertThat(sent.get(1)).isInstanceOf(ToAgent.Refuse.class);
        assertThat(fleet.heard(copier, LEASE_NANOS)).isNull();
        assertThat(fleet.silent(LEASE_NANOS + 1)).hasSize(1);
    }

    @Test
    void a_connection_is_one_agent_only() {
        fleet.introduce(HERE, hello("p1", "a"), 0);
        assertThat(fleet.introduce(HERE, hello("p2", "a"), 1)).isNull();
        assertThat(sent.get(1)).isEqualTo(new ToAgent.Refuse("this connection is that of agent p1"));
    }

    @Test
    void a_key_opens_the_door_for_its_agent_only() {
        AgentAddress keyed = new AgentAddress("p1/a", "192.0.2.1", "p1");
        assertThat(fleet.introduce(keyed, hello("p2", "a"), 0)).isNull();
        assertThat(sent.get(0)).isEqualTo(new ToAgent.Refuse("the key of agent p1 does not open the door for p2"));
        assertThat(fleet.introduce(keyed, hello("p1", "a"), 0)).isNotNull();
        assertThat(fleet.heard(new AgentAddress("p1/a", "192.0.2.1", "p2"), 1))
                .as("another key, the same identity")
                .isNull();
    }

    @Test
    void an_agent_with_a_key_may_come_over_a_new_connection_and_the_old_one_is_then_nobody_s() {
        AgentAddress before = new AgentAddress("p1/a/0", "192.0.2.1", "p1");
        AgentAddress after = new AgentAddress("p1/a/1", "192.0.2.1", "p1");
        FleetAgent agent = fleet.introduce(before, hello("p1", "a"), 0);
        assertThat(fleet.introduce(after, hello("p1", "a"), 1)).isNull();
        assertThat(sent).hasSize(2).allMatch(ToAgent.Welcome.class::isInstance);
        assertThat(agent.address()).isEqualTo(after);
        assertThat(fleet.addresses()).containsExactly(after);
        assertThat(fleet.heard(before, 2)).isNull();
        assertThat(fleet.heard(after, 2)).isSameAs(agent);
    }

    @Test
    void an_agent_is_silent_only_after_a_whole_lease_without_a_word() {
        assertThat(fleet.addresses()).isEmpty();
        FleetAgent agent = fleet.introduce(HERE, hello("p1", "a"), 0);
        assertThat(fleet.addresses()).containsExactly(HERE);
        assertThat(fleet.silent(LEASE_NANOS)).isEmpty();
        assertThat(fleet.silent(LEASE_NANOS + 1)).hasSize(1);
        fleet.heard(HERE, LEASE_NANOS);
        assertThat(fleet.silent(2 * LEASE_NANOS)).isEmpty();
        fleet.remove(agent);
        assertThat(fleet.addresses()).isEmpty();
    }

    @Test
    void a_moment_is_translated_by_the_offset_that_pings_have_shown() {
        FleetAgent agent = fleet.introduce(HERE, hello("p1", "a"), 0);
        assertThat(agent.toAgentClock(1_000)).as("before the first exchange").isEqualTo(1_000);
        long ahead = 5_000_000;
        fleet.pong(agent, new Pong(0, 1_000_000, 1_100_000 + ahead, 1_100_000 + ahead), 1_200_000);
        assertThat(agent.toAgentClock(2_000_000)).isEqualTo(2_000_000 + ahead);
        assertThat(agent.clock().errorNanos()).isEqualTo(100_000);
    }
}

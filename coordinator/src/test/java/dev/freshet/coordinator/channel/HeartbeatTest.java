package dev.freshet.coordinator.channel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
    private static final long PERIOD_MILLIS = 600;
    private static final long MILLI = 1_000_000;
    private static final long START = Long.MAX_VALUE - 100 * MILLI; // the clock may overflow

    private static final AgentAddress P1 = new AgentAddress("p1", "here", null);
    private static final AgentAddress P2 = new AgentAddress("p2", "here", null);

    private final Heartbeat heartbeat = new Heartbeat(PERIOD_MILLIS, START);

    private List<AgentAddress> due(long nowMillis) {
        return Stream.iterate(at(nowMillis), next -> next != null, next -> at(nowMillis))
                .toList();
    }

    private AgentAddress at(long nowMillis) {
        return heartbeat.next(START + nowMillis * MILLI);
    }

    @Test
    void everybody_has_a_turn_in_a_period_and_they_are_spread_over_it() {
        heartbeat.begin(List.of(P1, P2), START);
        assertThat(due(0)).containsExactly(P1);
        assertThat(heartbeat.restMillis(START)).isEqualTo(200);
        assertThat(due(199)).isEmpty();
        assertThat(due(200)).containsExactly(P2);
        assertThat(heartbeat.restMillis(START + 200 * MILLI)).isEqualTo(400);
        assertThat(heartbeat.isDue(START + 599 * MILLI)).isFalse();
        assertThat(heartbeat.isDue(START + 600 * MILLI)).isTrue();
    }

    @Test
    void who_has_not_had_its_turn_goes_first_in_the_next_period_and_who_is_gone_has_none() {
        heartbeat.begin(List.of(P1, P2), START);
        assertThat(due(0)).containsExactly(P1);
        heartbeat.begin(List.of(P1, P2), START + 600 * MILLI);
        assertThat(due(1_199)).containsExactly(P2, P1);
        heartbeat.begin(List.of(P1, P2), START + 1_200 * MILLI);
        heartbeat.begin(List.of(P1), START + 1_800 * MILLI);
        assertThat(due(2_399)).containsExactly(P1);
    }

    @Test
    void what_was_missed_is_not_made_up_for() {
        heartbeat.begin(List.of(P1), START + 60_000 * MILLI);
        assertThat(heartbeat.isDue(START + 60_001 * MILLI)).isFalse();
        assertThat(heartbeat.isDue(START + 60_600 * MILLI)).isTrue();
    }
}

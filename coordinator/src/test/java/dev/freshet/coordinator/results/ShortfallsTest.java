package dev.freshet.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.common.plan.OnFull;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ShortfallsTest {
    private static final String SKIPPED = "561 of 3000 messages were skipped at the high-water mark.";

    /** Three producers that are whole, each on a host and a link of its own. */
    private static FleetOnHosts threeWhole() {
        return new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 250, 202)
                .producer("p2", "h2", "eth0", 1000L, 250, 202)
                .producer("p3", "h3", "eth0", 1000L, 250, 202);
    }

    private static List<String> causes(FleetOnHosts fleet) {
        return fleet.notes().stream()
                .filter(note -> note.contains(" achieved "))
                .toList();
    }

    @ParameterizedTest
    @EnumSource(OnFull.class)
    void a_link_that_was_full_is_named_with_its_speed_and_what_it_carried(OnFull onFull) {
        FleetOnHosts fleet = threeWhole()
                .producer("p4", "h4", "eth0", 50L, 63, 49.6)
                .consumer("c1", "h5", 10_000L, 656)
                .with("on_full", onFull.toString());
        assertThat(fleet.notes())
                .contains(
                        SKIPPED,
                        "p4 on h4 achieved 63.0 of 250.0 messages a second:"
                                + " the link eth0 of h4 (50 Mbit/s) was full, 49.6 Mbit/s carried.")
                .noneMatch(note -> note.contains("what reads did not keep up"));
    }

    @Test
    void a_producer_whose_schedule_has_no_message_in_so_short_a_time_is_whole() {
        FleetOnHosts fleet = new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 375, 303)
                .producer("p2", "h2", "eth0", 1000L, 375, 303)
                .producer("p3", "h3", "eth0", 1000L, 0, 0)
                .consumer("c1", "h5", 10_000L, 606)
                .weighted(10_000, 10_000, 1);
        assertThat(causes(fleet)).isEmpty();
    }

    @Test
    void with_room_on_its_link_and_the_others_whole_it_is_the_path_from_its_host() {
        FleetOnHosts fleet =
                threeWhole().producer("p4", "h4", "eth0", 1000L, 63, 51).consumer("c1", "h5", 10_000L, 657);
        assertThat(causes(fleet))
                .containsExactly("p4 on h4 achieved 63.0 of 250.0 messages a second:"
                        + " the other producers of c1 were whole, so it is the path from h4, not the consumer.");
    }

    @Test
    void a_speed_that_is_not_known_explains_nothing_but_the_others_do() {
        FleetOnHosts fleet =
                threeWhole().producer("p4", "h4", "eth0", null, 63, 51).consumer("c1", "h5", null, 657);
        assertThat(causes(fleet)).singleElement().asString().endsWith("so it is the path from h4, not the consumer.");
    }

    @Test
    void a_consumer_whose_link_was_full_is_named_for_all_that_it_held_up() {
        FleetOnHosts fleet = new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 150, 121)
                .producer("p2", "h2", "eth0", 1000L, 250, 202)
                .producer("p3", "h3", "eth0", 1000L, 150, 121)
                .consumer("c1", "h5", 450L, 444);
        assertThat(causes(fleet))
                .containsExactly("p1 on h1, p3 on h3 achieved 300.0 of 500.0 messages a second together:"
                        + " the link eth0 of h5 (450 Mbit/s), where c1 receives, was full, 444 Mbit/s received.");
    }

    @Test
    void where_no_producer_of_a_consumer_was_whole_it_is_the_consumer() {
        FleetOnHosts fleet = new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 150, 121)
                .producer("p2", "h2", "eth0", 1000L, 250, 202)
                .producer("p3", "h3", "eth0", 1000L, 150, 121)
                .producer("p4", "h4", "eth0", 1000L, 250, 202)
                .consumer("c1", "h5", 10_000L, 242)
                .consumer("c2", "h6", 10_000L, 404);
        assertThat(causes(fleet))
                .containsExactly("p1 on h1, p3 on h3 achieved 300.0 of 500.0 messages a second together:"
                        + " no other producer of c1 was whole, so it is the consumer or the way to it.");
    }

    @Test
    void a_producer_that_its_own_link_explains_is_no_evidence_against_the_consumer() {
        FleetOnHosts fleet = new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 250, 202)
                .producer("p2", "h2", "eth0", 50L, 60, 49)
                .producer("p3", "h3", "eth0", 1000L, 100, 81)
                .consumer("c1", "h5", 10_000L, 332);
        assertThat(causes(fleet))
                .containsExactly(
                        "p2 on h2 achieved 60.0 of 250.0 messages a second:"
                                + " the link eth0 of h2 (50 Mbit/s) was full, 49 Mbit/s carried.",
                        "p3 on h3 achieved 100.0 of 250.0 messages a second:"
                                + " the other producers of c1 were whole, so it is the path from h3, not the consumer.");
    }

    @Test
    void a_producer_on_the_same_interface_that_was_whole_speaks_against_the_path() {
        FleetOnHosts fleet = new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 250, 283)
                .producer("p2", "h1", "eth0", 1000L, 100, 283)
                .producer("p3", "h3", "eth0", 1000L, 250, 202)
                .consumer("c1", "h5", 10_000L, 485);
        assertThat(causes(fleet))
                .containsExactly("p2 on h1 achieved 100.0 of 250.0 messages a second: some producers of c1 were whole"
                        + " and others not, and no link that was full tells why.");
    }

    @Test
    void a_single_producer_gives_nothing_to_compare_with() {
        FleetOnHosts fleet =
                new FleetOnHosts().producer("p1", "h1", "eth0", 1000L, 100, 81).consumer("c1", "h5", 10_000L, 81);
        assertThat(causes(fleet))
                .containsExactly("p1 on h1 achieved 100.0 of 250.0 messages a second: neither a link that was full"
                        + " nor another producer tells what held up the messages.");
    }

    @Test
    void producers_of_an_external_consumer_are_compared_with_each_other() {
        FleetOnHosts fleet =
                threeWhole().producer("p4", "h4", "eth0", 1000L, 63, 51).with("consumers", "external:10.0.0.9");
        assertThat(causes(fleet))
                .containsExactly("p4 on h4 achieved 63.0 of 250.0 messages a second: the other producers of"
                        + " 10.0.0.9:5556 were whole, so it is the path from h4, not the consumer.");
    }

    @Test
    void nothing_is_said_of_producers_that_are_whole_however_full_their_links_are() {
        FleetOnHosts fleet =
                threeWhole().producer("p4", "h4", "eth0", 205L, 250, 202).consumer("c1", "h5", 850L, 808);
        assertThat(fleet.notes()).isEmpty();
    }

    @Test
    void the_use_of_each_interface_is_in_the_environment_that_of_a_consumer_as_well() {
        Summary summary = threeWhole()
                .producer("p4", "h4", "eth0", 50L, 63, 49.6)
                .consumer("c1", "h5", null, 656)
                .summary();
        List<?> interfaces = (List<?>) summary.environment().get("interfaces");
        assertThat(interfaces).hasSize(5);
        Map<?, ?> limited = (Map<?, ?>) interfaces.get(3);
        assertThat(limited.get("agents")).isEqualTo(List.of("p4"));
        assertThat(limited.get("speed_bits_per_s")).isEqualTo(50_000_000L);
        assertThat((double) limited.get("sent_bytes_per_s")).isCloseTo(49.6e6 / 8, within(1.0));
        assertThat((double) limited.get("sent_share")).isCloseTo(0.992, within(0.001));
        assertThat(limited.get("application_bytes")).isNotNull();
        Map<?, ?> receiving = (Map<?, ?>) interfaces.get(4);
        assertThat(receiving.get("host")).isEqualTo("h5");
        assertThat((double) receiving.get("received_bytes_per_s")).isCloseTo(656e6 / 8, within(1.0));
        assertThat(receiving.get("received_share")).isNull();
    }

    @Test
    void weights_by_link_speed_stand_in_the_environment_by_agent() {
        Summary summary = threeWhole()
                .producer("p4", "h4", "eth0", 250L, 250, 202)
                .consumer("c1", "h5", 10_000L, 808)
                .with("weights", "link-speed")
                .summary();
        assertThat(summary.environment().get("weights")).isEqualTo(Map.of("p1", 4, "p2", 4, "p3", 4, "p4", 1));
        assertThat(threeWhole().consumer("c1", "h5", null, 0).summary().environment())
                .doesNotContainKey("weights");
    }

    @Test
    void an_unpaced_run_has_no_target_and_so_falls_short_of_none() {
        Summary summary = new FleetOnHosts()
                .producer("p1", "h1", "eth0", 1000L, 375, 303)
                .producer("p2", "h2", "eth0", 50L, 61, 49.6)
                .consumer("c1", "h5", 10_000L, 352)
                .unpaced()
                .summary();
        assertThat(summary.target().rateHertz()).isNull();
        assertThat(summary.target().bytesPerSecond()).isNull();
        assertThat(summary.agents()).extracting(Summary.Agent::rateHertz).containsOnlyNulls();
        assertThat(summary.achieved().rateHertz()).isEqualTo(436);
        assertThat(summary.ledger().balanced()).isTrue();
        assertThat(summary.verdict().notes()).isEmpty();
        assertThat(TextReport.of(summary, "x", false))
                .containsPattern("target +max +100 kB +- +3.00 s")
                .containsPattern("achieved +436.0/s .* received\n")
                .containsPattern("p1 +producer +max +375.0/s")
                .containsPattern("c1 +consumer +- +436.0/s");
    }
}

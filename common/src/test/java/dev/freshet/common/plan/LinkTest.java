package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import dev.freshet.common.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LinkTest {
    private static final long MEGABIT = 1_000_000L;

    private static List<Link> eachOnItsHost(long... megabits) {
        return IntStream.range(0, megabits.length)
                .mapToObj(i -> new Link("p" + i, "h" + i, "eth0", megabits[i] * MEGABIT))
                .toList();
    }

    @Test
    void weights_are_the_smallest_numbers_in_the_ratio_of_the_speeds() {
        assertThat(Link.weights(eachOnItsHost(1000, 1000, 1000, 250))).containsExactly(4, 4, 4, 1);
        assertThat(Link.weights(eachOnItsHost(100_000, 25_000, 10_000))).containsExactly(20, 5, 2);
        assertThat(Link.weights(eachOnItsHost(40))).containsExactly(1);
    }

    @Test
    void agents_on_one_interface_of_one_host_share_its_speed() {
        List<Link> links = List.of(
                new Link("p1", "h1", "eth0", 1000 * MEGABIT),
                new Link("p2", "h1", "eth0", 1000 * MEGABIT),
                new Link("p3", "h1", "eth0", 1000 * MEGABIT),
                new Link("p4", "h1", "eth1", 1000 * MEGABIT),
                new Link("p5", "h2", "eth0", 1000 * MEGABIT));
        assertThat(Link.weights(links)).containsExactly(1, 1, 1, 3, 3);
    }

    @Test
    void speeds_without_a_small_ratio_are_rounded_to_a_thousandth_of_the_largest_and_nobody_is_left_without() {
        assertThat(Link.weights(eachOnItsHost(99_991, 33_333, 1))).containsExactly(1000, 333, 1);
    }

    @Test
    void the_ratio_is_kept_to_a_thousandth_of_the_largest_whatever_the_speeds_are() {
        Cases.forEach(1000, random -> {
            List<Link> links = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                String host = "h" + Cases.between(random, 0, 2);
                links.add(new Link("p" + i, host, "eth0", Cases.between(random, 1, 400_000) * MEGABIT));
            }
            List<Integer> weights = Link.weights(links);
            double[] shares = links.stream()
                    .mapToDouble(link -> (double) link.speedBitsPerSecond()
                            / links.stream()
                                    .filter(other -> other.host().equals(link.host()))
                                    .count())
                    .toArray();
            double largestShare =
                    IntStream.range(0, 5).mapToDouble(i -> shares[i]).max().orElseThrow();
            int largest = weights.stream().mapToInt(i -> i).max().orElseThrow();
            for (int i = 0; i < 5; i++) {
                assertThat((double) weights.get(i) / largest - shares[i] / largestShare)
                        .as("%s as %s", links, weights)
                        .isBetween(-0.001, 0.001);
            }
        });
    }

    @Test
    void a_speed_that_is_not_known_is_named_with_its_agent_and_with_what_to_give_instead() {
        List<Link> links = List.of(new Link("p1", "h1", "eth0", MEGABIT), new Link("p2", "h2", "wlan0", null));
        assertThatThrownBy(() -> Link.weights(links))
                .isInstanceOf(InputException.class)
                .hasMessage("weights: the speed of interface wlan0 of h2, which p2 is bound to, is not known;"
                        + " give a weight for each agent instead (--weights 4,4,4,1)");
    }
}

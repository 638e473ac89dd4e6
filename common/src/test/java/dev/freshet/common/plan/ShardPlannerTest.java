package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import dev.freshet.common.InputException;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import java.math.BigInteger;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShardPlannerTest {
    private static final List<String> RATES = List.of(
            "1/s", "7/s", "1000/s", "1001/s", "0.001/s", "0.5/s", "333333.333/s", "999983/s", "10M/s", "1234.5678/s");

    private static List<Shard.Producing> shards(Plan plan) {
        return shards(plan, List.of());
    }

    private static List<Shard.Producing> shards(Plan plan, List<Link> links) {
        List<String> names = names(plan.agents());
        return ShardPlanner.producers(plan, names, ShardPlanner.weights(plan, names, links));
    }

    private static List<String> names(int n) {
        return IntStream.range(0, n).mapToObj(i -> "p" + i).toList();
    }

    /** The exact sum of the rates, over a common denominator without a size. */
    private static void assertAddUpTo(Rate whole, List<Shard.Producing> shards) {
        BigInteger above = BigInteger.ZERO;
        BigInteger below = BigInteger.ONE;
        for (Shard.Producing shard : shards) {
            Rate rate = shard.schedule().rate();
            BigInteger denominator = BigInteger.valueOf(rate.denominator());
            above = above.multiply(denominator)
                    .add(BigInteger.valueOf(rate.numerator()).multiply(below));
            below = below.multiply(denominator);
        }
        assertThat(above.multiply(BigInteger.valueOf(whole.denominator())))
                .as("%s over %s", whole, shards)
                .isEqualTo(below.multiply(BigInteger.valueOf(whole.numerator())));
    }

    @ParameterizedTest
    @FieldSource("RATES")
    void the_rates_of_the_shards_add_up_exactly(String rate) {
        for (int agents = 1; agents <= 24; agents++) {
            for (Placement placement : Placement.values()) {
                Plan plan = Plans.of("rate", rate, "agents", "" + agents, "phase", placement.toString());

                assertAddUpTo(Rate.parse("rate", rate), shards(plan));
            }
        }
    }

    @Test
    void weights_are_honoured_and_still_add_up() {
        Cases.forEach(1000, random -> {
            List<Integer> weights = Stream.generate(() -> Cases.between(random, 1, 9))
                    .limit(Cases.between(random, 1, 6))
                    .toList();
            Placement placement = Cases.oneOf(random, Placement.values());

            String text = weights.stream().map(String::valueOf).collect(Collectors.joining(","));
            Plan plan = Plans.of(
                    "rate", "1001/s", "agents", "" + weights.size(), "weights", text, "phase", placement.toString());
            long total = weights.stream().mapToLong(Integer::longValue).sum();

            List<Shard.Producing> shards = shards(plan);

            assertAddUpTo(Rate.perSecond(1001), shards);
            for (int i = 0; i < weights.size(); i++) {
                assertThat(shards.get(i).schedule().rate())
                        .isEqualTo(Rate.perSecond(1001).times(weights.get(i), total));
            }
        });
    }

    @ParameterizedTest
    @FieldSource("RATES")
    void rates_by_link_speed_add_up_exactly(String rate) {
        List<Link> links = List.of(
                new Link("p0", "h0", "eth0", 1_000_000_000L),
                new Link("p1", "h1", "eth0", 1_000_000_000L),
                new Link("p2", "h2", "eth0", 250_000_000L),
                new Link("p3", "h2", "eth0", 250_000_000L));
        for (Placement placement : Placement.values()) {
            Plan plan = Plans.of("rate", rate, "agents", "4", "weights", "link-speed", "phase", placement.toString());

            List<Shard.Producing> shards = shards(plan, links);

            assertAddUpTo(plan.rate(), shards);
            assertThat(shards.get(0).schedule().rate()).isEqualTo(plan.rate().times(8, 18));
            assertThat(shards.get(3).schedule().rate()).isEqualTo(plan.rate().times(1, 18));
        }
    }

    @ParameterizedTest
    @FieldSource("RATES")
    void staggered_shards_together_are_exactly_the_single_source(String rate) {
        int each = 200;
        for (int agents = 1; agents <= 16; agents++) {
            Plan plan = Plans.of("rate", rate, "agents", "" + agents);
            Schedule single = Schedule.of(plan.rate());

            long[] together = shards(plan).stream()
                    .flatMapToLong(shard -> LongStream.range(0, each).map(shard.schedule()::nanosAt))
                    .sorted()
                    .toArray();

            assertThat(together)
                    .as("%d agents", agents)
                    .containsExactly(LongStream.range(0, (long) each * agents)
                            .map(single::nanosAt)
                            .toArray());
        }
    }

    @Test
    void a_thousand_and_one_a_second_over_three_agents_for_ten_seconds_are_all_sent() {
        Plan plan = Plans.of("rate", "1001/s", "agents", "3", "duration", "10s", "warmup", "0s");

        List<Long> counts = shards(plan).stream().map(Shard.Producing::messages).toList();

        assertThat(counts).containsExactly(3337L, 3337L, 3336L);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void warm_up_and_measured_messages_add_up_for_one_agent_and_for_many(int agents) {
        Plan plan = Plans.of("rate", "1001/s", "agents", "" + agents, "duration", "10s", "warmup", "3s");

        List<Shard.Producing> shards = shards(plan);

        assertThat(shards).hasSize(agents);
        assertThat(shards.stream().mapToLong(Shard.Producing::messages).sum()).isEqualTo(13_013);
        assertThat(shards.stream().mapToLong(Shard.Producing::firstMeasured).sum())
                .isEqualTo(3_003);
    }

    @Test
    void aligned_shards_fire_together() {
        List<Shard.Producing> shards = shards(Plans.of("rate", "1000/s", "agents", "4", "phase", "aligned"));

        assertThat(shards).allSatisfy(shard -> {
            assertThat(shard.schedule().nanosAt(0)).isZero();
            assertThat(shard.schedule().nanosAt(1)).isEqualTo(4_000_000);
        });
    }

    @Test
    void random_places_are_drawn_from_the_seed_and_lie_in_the_first_period() {
        Plan plan = Plans.of("rate", "1000/s", "agents", "16", "phase", "random", "seed", "7");

        List<Shard.Producing> shards = shards(plan);

        assertThat(shards).isEqualTo(shards(plan));
        assertThat(shards)
                .isNotEqualTo(shards(Plans.of("rate", "1000/s", "agents", "16", "phase", "random", "seed", "8")));
        assertThat(shards)
                .allSatisfy(shard -> assertThat(shard.schedule().nanosAt(0)).isBetween(0L, 15_999_999L));
        assertThat(shards.stream().map(shard -> shard.schedule().nanosAt(0)).distinct())
                .hasSizeGreaterThan(8);
    }

    @Test
    void random_places_do_not_limit_the_rate() {
        List<Shard.Producing> shards = shards(Plans.of("rate", "10M/s", "agents", "1", "phase", "random"));

        assertThat(shards.get(0).schedule().rate()).isEqualTo(Rate.perSecond(10_000_000));
    }

    @Test
    void dealt_sizes_go_to_agents_in_proportion_to_their_weights() {
        Plan plan = Plans.of("agents", "8", "size", "16KiB:3,1MiB:1", "sizes", "deal");

        TreeMap<Integer, Long> agentsBySize = shards(plan).stream()
                .collect(Collectors.groupingBy(
                        shard -> shard.sizes().maxSizeBytes(), TreeMap::new, Collectors.counting()));

        assertThat(agentsBySize).containsEntry(16 << 10, 6L).containsEntry(1 << 20, 2L);
        assertThat(shards(plan))
                .allSatisfy(shard -> assertThat(shard.sizes().entries()).hasSize(1));
    }

    @Test
    void a_mix_is_drawn_differently_by_each_agent() {
        List<Shard.Producing> shards = shards(Plans.of("agents", "2", "size", "1KiB:1,2KiB:1"));

        assertThat(sizes(shards.get(0))).isNotEqualTo(sizes(shards.get(1)));
    }

    private static List<Integer> sizes(Shard.Producing shard) {
        return IntStream.range(0, 64).mapToObj(shard.sizes()::sizeBytesAt).toList();
    }

    @Test
    void fixed_ports_of_agents_do_not_overlap() {
        List<Shard.Producing> shards = shards(Plans.of("agents", "2", "channels", "2", "data_port", "6000"));

        assertThat(shards.get(0).dataPort()).isEqualTo(6000);
        assertThat(shards.get(0).controlPort()).isEqualTo(6002);
        assertThat(shards.get(1).dataPort()).isEqualTo(6003);
        assertThat(shards.get(1).controlPort()).isEqualTo(6005);
    }

    @Test
    void each_producer_has_one_consumer_and_they_are_shared_evenly() {
        List<String> producers = List.of("p1", "p2", "p3", "p4", "p5", "p6", "p7");
        assertThat(ShardPlanner.consumers(
                        Plans.of("agents", "7", "consumers", "3"), List.of("c1", "c2", "c3"), producers))
                .extracting(Shard.Consuming::serves)
                .containsExactly(List.of("p1", "p4", "p7"), List.of("p2", "p5"), List.of("p3", "p6"));
    }

    @Test
    void a_consumer_knows_the_largest_message_that_comes() {
        Plan plan = Plans.of("size", "16KiB:3,1MiB:1", "processing_time", "2ms", "workers", "3");

        assertThat(ShardPlanner.consumers(plan, List.of("c0"), List.of("p0")))
                .containsExactly(new Shard.Consuming("c0", List.of("p0"), 0, 2_000_000, 3, 1 << 20, plan.timing()));
    }

    @Test
    void weights_must_be_as_many_as_agents() {
        assertThatThrownBy(() -> Plans.of("agents", "3", "weights", "1,2"))
                .isInstanceOf(InputException.class)
                .hasMessage("weights: 2 given for 3 agents");
    }

    @Test
    void of_an_unpaced_plan_every_producer_is_unpaced() {
        assertThat(shards(Plans.of("rate", "max", "agents", "3")))
                .hasSize(3)
                .noneMatch(Shard.Producing::paced)
                .allMatch(shard -> shard.onFull() == OnFull.WAIT);
    }
}

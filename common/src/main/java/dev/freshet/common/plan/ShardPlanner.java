package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Splits a plan into shards: a pure function. The shards' rates are fractions of the plan's and add up to it exactly; with equal shares and
 * staggered phases the shards' messages together are exactly those of one source of the whole rate.
 */
public final class ShardPlanner {
    /** Places in the period among which a random one is drawn. */
    private static final int RANDOM_PLACES = 1000;

    private ShardPlanner() {}

    /** @throws InputException if the plan cannot be split; by link speed that shows only when the links are known */
    static void check(Plan plan) {
        List<String> names =
                IntStream.range(0, plan.agents()).mapToObj(i -> "p" + i).toList();
        Weights known = plan.weights().byLinkSpeed() ? Weights.EQUAL : plan.weights();
        producers(plan, names, known.of(names.size(), List.of()));
    }

    /**
     * Everyone's weight, in the order of the producers.
     *
     * @param producers the agents' names, as many as the plan asks for
     * @param links what each is bound to, in the same order; looked at only if the plan's weights are by link speed
     * @throws InputException if the plan's weights do not fit its agents, or the speed of a link is not known
     */
    public static List<Integer> weights(Plan plan, List<String> producers, List<Link> links) {
        return plan.weights().of(producers.size(), links);
    }

    /**
     * @param producers the agents' names, as many as the plan asks for
     * @param weights each one's share of the rate; of no account if the plan is unpaced
     * @throws InputException if a share of the rate cannot be kept exactly
     */
    public static List<Shard.Producing> producers(Plan plan, List<String> producers, List<Integer> weights) {
        int n = producers.size();
        List<Schedule> schedules = plan.rate() == null ? null : schedules(plan, plan.rate(), weights);
        List<Shard.Producing> shards = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            SizeMix sizes = plan.dealing() == Dealing.DEAL
                    ? plan.sizes().dealt(i, n)
                    : plan.sizes().withSeed(plan.seed() + i);
            shards.add(new Shard.Producing(
                    producers.get(i),
                    schedules == null ? null : schedules.get(i),
                    sizes,
                    plan.channels(),
                    plan.dataPort(i),
                    plan.controlPort(i),
                    plan.onFull(),
                    plan.engine(),
                    plan.waiting(),
                    plan.measure(),
                    plan.timing()));
        }
        return shards;
    }

    /**
     * When each producer's messages are due, at another rate than the plan's; all else is as the plan has it.
     *
     * @param rate messages per second of all producers together
     * @param weights each one's share of the rate, in the order of the producers
     * @throws InputException if a share of the rate cannot be kept exactly
     */
    public static List<Schedule> schedules(Plan plan, Rate rate, List<Integer> weights) {
        int n = weights.size();
        long totalWeight = weights.stream().mapToLong(Integer::longValue).sum();
        SplittableRandom random = new SplittableRandom(plan.seed());
        List<Schedule> schedules = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            schedules.add(schedule(rate.times(weights.get(i), totalWeight), plan.placement(), i, n, random));
        }
        return schedules;
    }

    private static Schedule schedule(Rate rate, Placement placement, int i, int n, SplittableRandom random) {
        return switch (placement) {
            case STAGGERED -> new Schedule(rate.times(n, 1), i, n);
            case ALIGNED -> Schedule.of(rate);
            case RANDOM -> {
                int places = (int) Math.min(RANDOM_PLACES, Rate.TERM_LIMIT / rate.numerator());
                yield new Schedule(rate.times(places, 1), random.nextInt(places), places);
            }
        };
    }

    /**
     * The consumers' parts: each producer has one consumer, and they are shared evenly.
     *
     * @param consumers the agents' names
     * @param producers those they serve
     */
    public static List<Shard.Consuming> consumers(Plan plan, List<String> consumers, List<String> producers) {
        List<Shard.Consuming> shards = new ArrayList<>();
        for (int i = 0; i < consumers.size(); i++) {
            List<String> served = new ArrayList<>();
            for (int producer = i; producer < producers.size(); producer += consumers.size()) {
                served.add(producers.get(producer));
            }
            shards.add(new Shard.Consuming(
                    consumers.get(i),
                    served,
                    0,
                    plan.processingTime().toNanos(),
                    plan.workers(),
                    plan.sizes().maxSizeBytes(),
                    plan.timing()));
        }
        return shards;
    }
}

package dev.freshet.coordinator.run;

import dev.freshet.common.plan.ExternalConsumer;
import dev.freshet.common.plan.Link;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.ShardPlanner;
import dev.freshet.coordinator.books.Party;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A plan with the agents that are to carry it out.
 *
 * @param producers their names, as many as the plan asks for
 * @param consumers their names; none if the consumers are not ours
 * @param resultsDirectory where the run's own directory is made
 */
public record RunRequest(Plan plan, List<String> producers, List<String> consumers, Path resultsDirectory) {
    public RunRequest {
        producers = List.copyOf(producers);
        consumers = List.copyOf(consumers);
    }

    /** Names for agents that are launched for one run: {@code p1 p2 …} and {@code c1 …}. */
    public static RunRequest launched(Plan plan, Path resultsDirectory) {
        return new RunRequest(plan, names("p", plan.agents()), names("c", plan.consumers()), resultsDirectory);
    }

    private static List<String> names(String letter, int count) {
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            names.add(letter + i);
        }
        return names;
    }

    /** Who takes part, and as what: producers first, in the order of their phases. */
    public Map<String, Role> roles() {
        Map<String, Role> roles = new LinkedHashMap<>();
        producers.forEach(name -> roles.put(name, Role.PRODUCER));
        consumers.forEach(name -> roles.put(name, Role.CONSUMER));
        return roles;
    }

    /** Whether everyone's part is known only when the agents have joined, as it depends on their links. */
    public boolean dependsOnLinks() {
        return plan.weights().byLinkSpeed();
    }

    /**
     * Everyone's part, in the order of {@link #roles}.
     *
     * @param links what each producer is bound to, in their order; none are needed unless the request {@link #dependsOnLinks}
     * @throws dev.freshet.common.InputException if a link's speed is needed and not known, or a share of the rate cannot be kept exactly
     */
    public List<Party> parties(List<Link> links) {
        List<Party> parties = new ArrayList<>();
        for (Shard.Producing shard :
                ShardPlanner.producers(plan, producers, ShardPlanner.weights(plan, producers, links))) {
            parties.add(Party.producer(shard));
        }
        for (Shard.Consuming shard : ShardPlanner.consumers(plan, consumers, producers)) {
            parties.add(Party.consumer(shard));
        }
        return parties;
    }

    /** The consumer of a producer that is none of our agents; null if its consumer is, or it has none. */
    public ExternalConsumer externalOf(String producer) {
        return plan.externalOf(producers.indexOf(producer));
    }

    /** How long consumers that are not ours may take to say {@code start}; 0 if there are none. */
    long patienceNanos() {
        return plan.external().isEmpty() ? 0 : plan.consumerPatience().toNanos();
    }

    /** Messages a second that an agent will send or receive, about: as if all producers had equal shares. Without bound if they are unpaced. */
    public double expectedHertz(String agent) {
        if (plan.rate() == null) {
            return Double.POSITIVE_INFINITY;
        }
        double each = plan.rate().hertz() / producers.size();
        return consumers.contains(agent) ? each * producers.size() / consumers.size() : each;
    }
}

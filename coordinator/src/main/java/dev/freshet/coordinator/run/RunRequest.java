package dev.freshet.coordinator.run;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.ShardPlanner;
import dev.freshet.coordinator.books.Party;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

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

    /** Everyone's part: producers first, in the order of their phases. */
    public List<Party> parties() {
        List<Party> parties = new ArrayList<>();
        for (Shard.Producing shard : ShardPlanner.producers(plan, producers)) {
            parties.add(Party.producer(shard));
        }
        for (Shard.Consuming shard : ShardPlanner.consumers(plan, consumers, producers)) {
            parties.add(Party.consumer(shard));
        }
        return parties;
    }
}

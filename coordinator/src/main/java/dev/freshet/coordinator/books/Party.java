package dev.freshet.coordinator.books;

import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import java.util.List;

/**
 * An agent that takes part in a run.
 *
 * @param agent its name in the fleet
 * @param shard its part of the plan
 */
public record Party(String agent, Shard shard) {
    public static Party producer(Shard.Producing shard) {
        return new Party(shard.agent(), shard);
    }

    public static Party consumer(Shard.Consuming shard) {
        return new Party(shard.agent(), shard);
    }

    /** The producers whose messages a consumer takes; none for a producer. */
    public List<String> serves() {
        return shard instanceof Shard.Consuming consuming ? consuming.serves() : List.of();
    }

    public Role role() {
        return shard instanceof Shard.Producing ? Role.PRODUCER : Role.CONSUMER;
    }

    /** Whether books of this producer's messages may come from this agent. */
    boolean keepsBooksOf(String producer) {
        return role() == Role.PRODUCER ? agent.equals(producer) : serves().contains(producer);
    }
}

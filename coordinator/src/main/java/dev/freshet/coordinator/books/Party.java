package dev.freshet.coordinator.books;

import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Role;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.time.Timetable;
import java.util.List;

/**
 * An agent that takes part in a run.
 *
 * @param agent its name in the fleet
 * @param shard its part of the plan
 * @param timetable of a producer when its messages are due, changes of the rate included; null for an unpaced one and for a consumer
 */
public record Party(String agent, Shard shard, Timetable timetable) {
    public static Party producer(Shard.Producing shard) {
        return new Party(shard.agent(), shard, shard.paced() ? Timetable.of(shard.schedule()) : null);
    }

    public static Party consumer(Shard.Consuming shard) {
        return new Party(shard.agent(), shard, null);
    }

    /** The same producer with another schedule from a moment on, in nanoseconds after T0. */
    public Party changed(long nanos, Schedule schedule) {
        return new Party(agent, shard, timetable.changed(nanos, schedule));
    }

    /** What is wanted of a producer over the run; null for a consumer. */
    public RateSteps rates() {
        if (role() == Role.CONSUMER) {
            return null;
        }
        return timetable == null ? RateSteps.unpaced(shard.timing()) : RateSteps.of(shard.timing(), timetable);
    }

    /** How many messages a producer has to send in a phase; 0 for an unpaced one, of which no number is wanted, and for a consumer. */
    public long messages(Phase phase) {
        if (timetable == null) {
            return 0;
        }
        long warmup = timetable.firstIndexAtOrAfter(shard.timing().warmupNanos());
        return phase == Phase.WARMUP ? warmup : shard.timing().messages(timetable) - warmup;
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

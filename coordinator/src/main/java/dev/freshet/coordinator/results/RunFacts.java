package dev.freshet.coordinator.results;

import dev.freshet.common.measure.Count;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.coordinator.books.RunAccount;
import dev.freshet.coordinator.results.merge.MergeResult;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * All that a summary and a verdict are functions of.
 *
 * @param run its id
 * @param rates what was asked for over the run: the plan's rate, and each change
 * @param ending how it ended
 * @param started when it was asked for
 * @param t0Micros the common start, microseconds since the epoch on the coordinator's clock; null if it did not come to it
 * @param ended when the last agent was done
 * @param agents in the order of the account
 * @param account what the books come to
 * @param shortcomings what went wrong with recording and collecting, a sentence each ({@code RunRecorder.failures}, files that did not come)
 * @param measurements what merging {@code measurements.csv} gave; null if there is none
 * @param environment what {@code environment} tells beside what is found here
 */
public record RunFacts(
        String run,
        Plan plan,
        RateSteps rates,
        Ending ending,
        Instant started,
        Long t0Micros,
        Instant ended,
        List<AgentFacts> agents,
        RunAccount account,
        List<String> shortcomings,
        MergeResult measurements,
        Map<String, Object> environment) {
    /** How many rows the merged measurements must have, by the books. */
    long expectedRows() {
        return plan.measure().equals(Measure.ALL)
                ? account.ledger().measured()
                : account.measured().counts().get(Count.ROWS);
    }

    /**
     * @param state {@code done} or {@code stopped}; a run that failed before T0 has no books
     * @param afterT0Nanos when it was cut short, nanoseconds after T0; null if it was not
     * @param reason why it was, in words, or null
     * @param anyLost whether an agent was lost on the way, be it after its books were closed
     */
    public record Ending(String state, Long afterT0Nanos, String reason, boolean anyLost) {
        static final String STOPPED = "stopped";

        public static Ending done(boolean anyLost) {
            return new Ending("done", null, null, anyLost);
        }

        public static Ending stopped(long afterT0Nanos, String reason, boolean anyLost) {
            return new Ending(STOPPED, afterT0Nanos, reason, anyLost);
        }

        boolean stopped() {
            return state.equals(STOPPED);
        }
    }

    /** Whether consumers are agents of the run: then what was received is known, and answers are expected. */
    public boolean ownConsumers() {
        return plan.consumers() > 0;
    }

    /** Whether agents are on more than one host, so that there is more than one clock. */
    boolean severalHosts() {
        return agents.stream().map(AgentFacts::host).distinct().count() > 1;
    }

    /** An agent as people are to find it: with its host, where there are several. */
    String named(AgentFacts agent) {
        return severalHosts() ? agent.name() + " on " + agent.host() : agent.name();
    }
}

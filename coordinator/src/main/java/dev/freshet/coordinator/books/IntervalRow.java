package dev.freshet.coordinator.books;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the fleet did in one interval with the messages of one phase. The books are the receiver's: nobody writes them any more.
 *
 * @param interval seconds since T0
 * @param phase of the messages; an interval after the warm-up has a second row if answers of the warm-up still came
 * @param startMicros when the interval began, microseconds since the epoch on the coordinator's clock
 * @param fleet the sum over the agents: what was offered and answered from the producers' books, what was received from the consumers'
 * @param latency percentiles of {@code fleet}, one for each metric
 * @param agents each agent's part, by name; an agent that had ended has none
 * @param received what consumers counted of each producer's messages, by the producer's name
 * @param samples what each agent told of its host, by name
 */
public record IntervalRow(
        int interval,
        Phase phase,
        long startMicros,
        Book fleet,
        Map<Metric, Percentiles> latency,
        Map<String, Book> agents,
        Map<String, Counts> received,
        Map<String, AgentSample> samples) {
    static IntervalRow of(
            int interval, Phase phase, long startMicros, Reports reports, Map<String, AgentSample> samples) {
        Map<String, Book> agents = reports.agents();
        Book fleet = new Book();
        agents.values().forEach(fleet::add);
        Map<Metric, Percentiles> latency = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            latency.put(metric, Percentiles.of(fleet, metric));
        }
        return new IntervalRow(interval, phase, startMicros, fleet, latency, agents, reports.received(), samples);
    }

    /** What has been reported of an interval and phase: each agent's own part, and what consumers counted of each producer's messages. */
    record Reports(Map<String, Book> agents, Map<String, Counts> received) {
        static final Reports NONE = new Reports(Map.of(), Map.of());

        Reports() {
            this(new LinkedHashMap<>(), new LinkedHashMap<>());
        }
    }

    /** The fleet's counts. */
    public Counts counts() {
        return fleet.counts();
    }
}

package dev.freshet.coordinator.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.ClockFilter;
import dev.freshet.coordinator.books.Percentiles;
import java.util.List;
import java.util.Map;

/**
 * {@code summary.json}. The members' names are fixed; {@code docs/results.md} is the schema. Null means not known, never zero.
 *
 * @param latency by metric
 */
public record Summary(
        Run run,
        Verdict verdict,
        Load target,
        Load achieved,
        LedgerFigures ledger,
        Map<String, Percentiles> latency,
        List<Agent> agents,
        List<GateResult> gates,
        Map<String, Object> environment) {
    /** Which answered messages got a row, in the environment; a summary that is older than the choice has no word of it. */
    static final String MEASURE = "measure";

    /** How many rows the merged measurements must have. */
    long expectedRows() {
        Object measure = environment == null ? null : environment.get(MEASURE);
        return measure == null || measure.equals(Measure.ALL.toString())
                ? ledger.measured()
                : agents.stream()
                        .mapToLong(agent -> agent.counts().get(Count.ROWS))
                        .sum();
    }

    /**
     * Which run it was; times in UTC.
     *
     * @param reason why it was cut short, in words, or null
     * @param t0 the common start
     */
    public record Run(
            String id,
            String name,
            String state,
            Outcome outcome,
            String reason,
            String started,
            String t0,
            String ended) {}

    /** The same with an outcome: that which it has, or, if it is older than they are, that which its other members come to. */
    Summary withOutcome() {
        if (run.outcome() != null) {
            return this;
        }
        Run whole = new Run(
                run.id(),
                run.name(),
                run.state(),
                Outcome.derived(this),
                run.reason(),
                run.started(),
                run.t0(),
                run.ended());
        return new Summary(whole, verdict, target, achieved, ledger, latency, agents, gates, environment);
    }

    /**
     * Offered or carried load.
     *
     * @param rateHertz of a target null if the plan is unpaced, and {@code bytesPerSecond} with it
     * @param sizeBytes mean payload
     * @param bytesPerSecond payload
     * @param basis of what was achieved: {@code received}, or {@code sent} where what was received is not known; a target has none
     */
    public record Load(
            @JsonProperty("rate_hz") Double rateHertz,
            @JsonProperty("size_bytes") Double sizeBytes,
            @JsonProperty("duration_s") Double durationSeconds,
            @JsonProperty("bytes_per_s") Double bytesPerSecond,
            @JsonInclude(JsonInclude.Include.NON_NULL) String basis) {}

    /** What is known of an agent's clock: the agent's minus the coordinator's, and the bound on its error. */
    public record Clock(
            @JsonProperty("offset_us") double offsetMicros,
            @JsonProperty("error_us") double errorMicros,
            @JsonProperty("drift_ppm") Double driftPpm,
            long exchanges,
            long impossible) {
        /** @return null if nothing is known */
        public static Clock of(ClockFilter.Estimate estimate) {
            return estimate == null
                    ? null
                    : new Clock(
                            estimate.offsetNanos() / 1e3,
                            estimate.errorNanos() / 1e3,
                            estimate.driftPpm(),
                            estimate.exchanges(),
                            estimate.impossible());
        }
    }

    /** How an agent was lost. */
    public record Loss(String at, String reason) {}

    /**
     * One agent. Of a consumer, {@code rate_hz}, {@code ledger}, {@code latency} and {@code start_error_us} are null; of an
     * unpaced producer {@code rate_hz} is.
     *
     * @param endpoint the first of {@code endpoints}
     * @param counts of the measured phase, all that the agent counted; zeros are left out
     * @param warmup the same of the warm-up
     */
    public record Agent(
            String name,
            String role,
            String host,
            @JsonProperty("interface") String interfaceName,
            String endpoint,
            @JsonProperty("rate_hz") Double rateHertz,
            Load achieved,
            LedgerFigures ledger,
            Map<String, Percentiles> latency,
            Clock clock,
            @JsonProperty("start_error_us") Double startErrorMicros,
            @JsonProperty("interface_bytes_sent") Long interfaceBytesSent,
            @JsonProperty("application_bytes_sent") Long applicationBytesSent,
            List<String> endpoints,
            int intervals,
            Counts counts,
            Counts warmup,
            @JsonProperty("cpu_share") Double cpuShare,
            @JsonProperty("cpu_share_max") Double maxCpuShare,
            @JsonProperty("gc_share") Double gcShare,
            @JsonProperty("resident_bytes_max") Long maxResidentBytes,
            Loss loss) {
        /** Whether it sends; else it is a consumer. */
        public boolean produces() {
            return role.equals(Role.PRODUCER.toString());
        }
    }
}

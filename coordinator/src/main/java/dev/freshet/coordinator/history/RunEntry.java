package dev.freshet.coordinator.history;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.plan.Plan;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.GateResult;
import dev.freshet.coordinator.results.LedgerFigures;
import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.Verdict;
import java.util.List;

/**
 * A run as a list has it. Null means not known.
 *
 * @param state {@code done}, {@code stopped}, or {@link #UNFINISHED}
 * @param started UTC
 * @param durationSeconds of the measured phase: as it was, or of an unfinished run as it was planned
 * @param sizeBytes mean payload
 * @param lost messages
 */
public record RunEntry(
        String id,
        String name,
        String state,
        Outcome outcome,
        Verdict.Status verdict,
        String started,
        @JsonProperty("duration_s") Double durationSeconds,
        Integer agents,
        @JsonProperty("size_bytes") Double sizeBytes,
        @JsonProperty("target_hz") Double targetHertz,
        @JsonProperty("achieved_hz") Double achievedHertz,
        @JsonProperty("target_bytes_per_s") Double targetBytesPerSecond,
        @JsonProperty("achieved_bytes_per_s") Double achievedBytesPerSecond,
        @JsonProperty("response_time_p50_us") Long responseTimeP50Micros,
        @JsonProperty("response_time_p99_us") Long responseTimeP99Micros,
        @JsonProperty("response_time_p999_us") Long responseTimeP999Micros,
        Long lost,
        Long skipped,
        Boolean balanced,
        @JsonProperty("gates_passed") Integer gatesPassed,
        @JsonProperty("gates_failed") Integer gatesFailed) {
    /** Its results were not written: it goes on, or its coordinator ended before it. */
    public static final String UNFINISHED = "unfinished";

    static RunEntry of(String id, Summary summary) {
        Percentiles responseTime = summary.latency().getOrDefault("response_time", Percentiles.NONE);
        LedgerFigures ledger = summary.ledger();
        List<GateResult> gates = summary.gates() == null ? List.of() : summary.gates();
        int passed = (int) gates.stream().filter(GateResult::passed).count();
        Summary.Load target = known(summary.target());
        Summary.Load achieved = known(summary.achieved());
        return new RunEntry(
                id,
                summary.run().name(),
                summary.run().state(),
                summary.run().outcome(),
                summary.verdict().status(),
                summary.run().started(),
                achieved.durationSeconds(),
                summary.agents().size(),
                target.sizeBytes(),
                target.rateHertz(),
                achieved.rateHertz(),
                target.bytesPerSecond(),
                achieved.bytesPerSecond(),
                responseTime.p50Micros(),
                responseTime.p99Micros(),
                responseTime.p999Micros(),
                ledger.lost(),
                ledger.skipped(),
                ledger.balanced(),
                passed,
                gates.size() - passed);
    }

    /** A load whose figures are all null, if a summary has none. */
    static Summary.Load known(Summary.Load load) {
        return load == null ? new Summary.Load(null, null, null, null, null) : load;
    }

    /** The same of a run in progress, in the state that it is in. */
    public RunEntry in(String stateNow) {
        return new RunEntry(
                id,
                name,
                stateNow,
                outcome,
                verdict,
                started,
                durationSeconds,
                agents,
                sizeBytes,
                targetHertz,
                achievedHertz,
                targetBytesPerSecond,
                achievedBytesPerSecond,
                responseTimeP50Micros,
                responseTimeP99Micros,
                responseTimeP999Micros,
                lost,
                skipped,
                balanced,
                gatesPassed,
                gatesFailed);
    }

    /** Of a run without a summary. */
    static RunEntry unfinished(String id, String started, Plan plan) {
        return unfinished(
                id,
                plan.name(),
                started,
                plan.duration().toNanos() / 1e9,
                plan.agents() + plan.consumers(),
                plan.sizes().meanSizeBytes(),
                plan.rate() == null ? null : Double.valueOf(plan.rate().hertz()),
                plan.bytesPerSecond());
    }

    /** Of a directory whose plan cannot be read either. */
    static RunEntry unreadable(String id, String name, String started) {
        return unfinished(id, name, started, null, null, null, null, null);
    }

    private static RunEntry unfinished(
            String id,
            String name,
            String started,
            Double durationSeconds,
            Integer agents,
            Double sizeBytes,
            Double targetHertz,
            Double targetBytesPerSecond) {
        return new RunEntry(
                id,
                name,
                UNFINISHED,
                null,
                null,
                started,
                durationSeconds,
                agents,
                sizeBytes,
                targetHertz,
                null,
                targetBytesPerSecond,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}

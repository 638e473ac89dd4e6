package dev.freshet.coordinator.results;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Timing;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.books.SoFar;
import dev.freshet.coordinator.results.Summary.Load;
import java.util.List;
import java.util.Map;

/**
 * Where a run stands: the members of {@code summary.json} as far as they are known. Null means not known (yet).
 *
 * @param verdict null until the run is over
 * @param gates as they would be if the run ended now
 */
public record RunStatus(
        Run run,
        Verdict verdict,
        Load target,
        Load achieved,
        LedgerFigures ledger,
        Map<String, Percentiles> latency,
        List<GateResult> gates,
        Progress progress) {
    /**
     * Which run it is; times in UTC.
     *
     * @param state in lower case
     * @param outcome null until the run is over
     * @param reason why it failed or was cut short, in words, or null
     * @param detail what is waited for, in words; may be empty
     */
    public record Run(
            String id,
            String name,
            String state,
            Outcome outcome,
            String reason,
            String detail,
            String started,
            String t0,
            String ended) {}

    /**
     * How far it has come.
     *
     * @param phase {@code warmup}, {@code measured} or {@code drain}; null before T0 and when draining is over
     * @param elapsedSeconds since T0, at most {@code totalSeconds}; null before T0
     * @param totalSeconds warm-up and measured phase
     * @param merged share of the results that is written, 0 to 1
     * @param agentsReady those that have done what the state waits for
     * @param waitingFor those that have not
     */
    public record Progress(
            String phase,
            @JsonProperty("elapsed_s") Double elapsedSeconds,
            @JsonProperty("total_s") double totalSeconds,
            double merged,
            @JsonProperty("agents_expected") int agentsExpected,
            @JsonProperty("agents_ready") int agentsReady,
            @JsonProperty("waiting_for") List<String> waitingFor) {}

    /** Of a run without books: it has not begun to send, or never did. */
    public static RunStatus without(Plan plan, Run run, Progress progress) {
        return new RunStatus(
                run, null, Figures.target(plan, plan.rates().meanHertz()), null, null, null, List.of(), progress);
    }

    /**
     * Of a run that goes on, by the rows that were told.
     *
     * @param rates what is asked for over the run, as it is known now
     */
    public static RunStatus of(Plan plan, RateSteps rates, Run run, SoFar soFar, Progress progress) {
        Load achieved = achieved(plan.timing(), soFar);
        LedgerFigures ledger = LedgerFigures.of(soFar.ledger());
        Map<String, Percentiles> latency = Figures.latency(soFar.measured());
        return new RunStatus(
                run,
                null,
                Figures.target(plan, rates.meanHertz()),
                achieved,
                ledger,
                latency,
                new GateCheck(achieved, ledger, latency).check(plan.gates()),
                progress);
    }

    /** Of a run that is over. */
    public static RunStatus of(Summary summary, Progress progress) {
        Summary.Run run = summary.run();
        return new RunStatus(
                new Run(
                        run.id(),
                        run.name(),
                        run.state(),
                        run.outcome(),
                        run.reason(),
                        "",
                        run.started(),
                        run.t0(),
                        run.ended()),
                summary.verdict(),
                summary.target(),
                summary.achieved(),
                summary.ledger(),
                summary.latency(),
                summary.gates(),
                progress);
    }

    private static Load achieved(Timing timing, SoFar soFar) {
        long toldNanos = Math.min(soFar.intervals() * Timing.INTERVAL_NANOS, timing.sendingNanos());
        double seconds = Math.max(0, toldNanos - timing.warmupNanos()) / 1e9;
        Counts counts = soFar.measured().counts();
        return soFar.ledger().received() == null
                ? Figures.load(soFar.ledger().sent(), counts.get(Count.SENT_BYTES), seconds, "sent")
                : Figures.load(soFar.ledger().received(), counts.get(Count.RECEIVED_BYTES), seconds, "received");
    }
}

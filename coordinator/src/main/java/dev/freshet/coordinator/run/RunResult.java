package dev.freshet.coordinator.run;

import dev.freshet.coordinator.results.GateResult;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.Verdict;
import java.nio.file.Path;
import java.util.List;

/**
 * How a run ended.
 *
 * @param directory where its results are; null if it ended before T0, and nothing was left
 * @param report for a person; empty without results
 * @param reasons why it failed, was stopped or is short of an agent, in words
 */
public record RunResult(Outcome outcome, Path directory, String report, List<String> reasons) {
    /** What a caller must know; of several the one further down the list counts. */
    public enum Outcome {
        DONE,
        GATE_FAILED,
        INVALID,
        AGENTS_LOST,
        STOPPED;

        static Outcome of(RunSnapshot end, Summary summary) {
            if (end.stopped()) {
                return STOPPED;
            }
            if (end.anyLost()) {
                return AGENTS_LOST;
            }
            if (summary.verdict().status() == Verdict.Status.INVALID) {
                return INVALID;
            }
            return summary.gates().stream().allMatch(GateResult::passed) ? DONE : GATE_FAILED;
        }
    }

    static RunResult withoutBooks(RunState state, List<String> reasons) {
        return new RunResult(state == RunState.STOPPED ? Outcome.STOPPED : Outcome.AGENTS_LOST, null, "", reasons);
    }
}

package dev.freshet.coordinator.run;

import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.Summary;
import java.nio.file.Path;
import java.util.List;

/**
 * How a run ended.
 *
 * @param directory where its results are; null if it ended before T0, and nothing was left
 * @param summary of the run; null if it ended before T0
 * @param report for a person; empty without results
 * @param reasons why it failed, was stopped or is short of an agent, in words
 */
public record RunResult(Outcome outcome, Path directory, Summary summary, String report, List<String> reasons) {
    static RunResult withoutBooks(RunState state, List<String> reasons) {
        return new RunResult(outcomeWithoutSummary(state, false), null, null, "", reasons);
    }

    /** How a run ended that left no summary: it did not get to T0, or else its results could not be written. */
    static Outcome outcomeWithoutSummary(RunState state, boolean withBooks) {
        if (state == RunState.STOPPED) {
            return Outcome.STOPPED;
        }
        return withBooks ? Outcome.INVALID : Outcome.AGENTS_LOST;
    }
}

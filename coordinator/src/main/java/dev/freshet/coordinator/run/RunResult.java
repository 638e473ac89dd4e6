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
        return new RunResult(outcomeWithoutBooks(state), null, null, "", reasons);
    }

    static Outcome outcomeWithoutBooks(RunState state) {
        return state == RunState.STOPPED ? Outcome.STOPPED : Outcome.AGENTS_LOST;
    }
}

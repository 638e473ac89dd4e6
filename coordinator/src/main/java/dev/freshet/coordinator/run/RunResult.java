package dev.freshet.coordinator.run;

import dev.freshet.coordinator.results.Outcome;
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
    static RunResult withoutBooks(RunState state, List<String> reasons) {
        return new RunResult(state == RunState.STOPPED ? Outcome.STOPPED : Outcome.AGENTS_LOST, null, "", reasons);
    }
}

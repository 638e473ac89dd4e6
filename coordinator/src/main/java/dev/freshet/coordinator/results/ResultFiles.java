package dev.freshet.coordinator.results;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.results.merge.FileMerge;
import dev.freshet.coordinator.results.merge.MergeProgress;
import dev.freshet.coordinator.results.merge.MergeResult;
import dev.freshet.coordinator.results.merge.Source;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is made of a result directory after the run: the merged files and the report, at its end or again at any time. */
public final class ResultFiles {
    private ResultFiles() {}

    /**
     * @param measurements null if no agent delivered any
     * @param network null if no agent delivered any
     */
    public record Merged(MergeResult measurements, MergeResult network) {}

    /**
     * Merges what the agents delivered.
     *
     * @param clockOffsetsMicros each agent's clock minus the coordinator's; one that is not named has none
     * @throws IOException if a file cannot be read or written; what was merged before stays as it was
     */
    public static Merged merge(ResultDirectory directory, Map<String, Long> clockOffsetsMicros, MergeProgress progress)
            throws IOException {
        return new Merged(
                merge(
                        FileMerge.ofMeasurements(),
                        ResultDirectory.MEASUREMENTS,
                        directory,
                        clockOffsetsMicros,
                        progress),
                merge(
                        FileMerge.ofNetwork(),
                        ResultDirectory.NETWORK,
                        directory,
                        clockOffsetsMicros,
                        MergeProgress.NONE));
    }

    private static MergeResult merge(
            FileMerge merge, String file, ResultDirectory directory, Map<String, Long> offsets, MergeProgress progress)
            throws IOException {
        List<Source> sources = directory.agentsWith(file).stream()
                .map(agent -> new Source(agent, directory.located(agent, file), offsets.getOrDefault(agent, 0L)))
                .toList();
        return sources.isEmpty() ? null : merge.merge(sources, directory.path().resolve(file), progress);
    }

    /**
     * Rebuilds the merged files of a run that is over, with the clock offsets of its summary.
     *
     * @throws InputException if the directory is not a result, or has no summary
     */
    public static Merged merge(Path directory, MergeProgress progress) throws IOException {
        ResultDirectory result = ResultDirectory.open(directory);
        Map<String, Long> offsets = new HashMap<>();
        for (Summary.Agent agent : SummaryJson.read(result).agents()) {
            if (agent.clock() != null) {
                offsets.put(agent.name(), Math.round(agent.clock().offsetMicros()));
            }
        }
        return merge(result, offsets, progress);
    }

    /**
     * How many rows the merged measurements of a run that is over must have.
     *
     * @throws InputException if the directory is not a result, or has no summary
     */
    public static long expectedRows(Path directory) {
        return SummaryJson.read(ResultDirectory.open(directory)).expectedRows();
    }

    /**
     * The report of a run that is over.
     *
     * @param colour whether to colour verdict and gates
     * @throws InputException if the directory is not a result, or has no summary
     */
    public static String report(Path directory, boolean colour) {
        return TextReport.of(SummaryJson.read(ResultDirectory.open(directory)), directory.toString(), colour);
    }
}

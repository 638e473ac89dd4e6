package dev.freshet.deploy.command;

import dev.freshet.coordinator.results.ResultFiles;
import dev.freshet.coordinator.results.ResultFiles.Merged;
import dev.freshet.coordinator.results.merge.MergeProgress;
import dev.freshet.coordinator.results.merge.MergeResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Merges the agents' files of a finished run anew. */
@Command(
        name = "merge",
        mixinStandardHelpOptions = true,
        description = "Rebuilds measurements.csv and network.csv of a finished run from what its agents delivered.",
        footer = {"", "Example:", "  freshet merge results/20261123T170102Z-run"})
public final class MergeCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIRECTORY", description = "A result directory.")
    private Path directory;

    @Override
    public Integer call() throws IOException {
        Merged merged = ResultFiles.merge(directory, MergeProgress.NONE);
        print("measurements.csv", merged.measurements());
        print("network.csv", merged.network());
        long expected = ResultFiles.expectedRows(directory);
        long rows = merged.measurements() == null ? 0 : merged.measurements().rows();
        if (rows != expected) {
            System.err.println("freshet: by the summary " + expected + " answers have a row, the agents' files have "
                    + rows + " rows");
            return ExitCode.INVALID;
        }
        return ExitCode.DONE;
    }

    private static void print(String file, MergeResult merged) {
        System.out.println(file + ": "
                + (merged == null
                        ? "no agent delivered any"
                        : merged.rows() + " rows, " + merged.dropped() + " dropped"));
    }
}

package dev.freshet.deploy.command;

import dev.freshet.coordinator.history.Comparison;
import dev.freshet.coordinator.live.FeedJson;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.deploy.remote.RemoteHistory;
import dev.freshet.deploy.terminal.ComparisonTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Two runs side by side. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Shows two runs side by side: result directories here, or runs of a running coordinator, by their ids.",
        footer = {
            "",
            "Examples:",
            "  freshet compare results/20261123T170102Z-run results/20261123T181500Z-run",
            "  freshet compare 20261123T170102Z-night 20261124T170102Z-night --coordinator http://daq1:8080"
        })
public final class CompareCommand implements Callable<Integer> {
    @Parameters(index = "0", paramLabel = "A", description = "A result directory, or the id of a run.")
    private String a;

    @Parameters(index = "1", paramLabel = "B", description = "Another one.")
    private String b;

    @Option(names = "--json", order = 1, description = "Prints JSON instead of tables.")
    private boolean json;

    @Mixin
    private CoordinatorOptions coordinator;

    @Override
    public Integer call() throws Exception {
        Comparison comparison = areHere()
                ? Comparison.of(ResultDirectory.open(Path.of(a)), ResultDirectory.open(Path.of(b)))
                : new RemoteHistory(coordinator.client()).compare(a, b);
        System.out.print(json ? FeedJson.text(comparison) + "\n" : ComparisonTable.of(comparison));
        return ExitCode.DONE;
    }

    /** Ids are no paths, so what is a directory or looks like a path is meant to be here, unless a coordinator is named. */
    private boolean areHere() {
        return !coordinator.isGiven() && (isHere(a) || isHere(b));
    }

    private static boolean isHere(String run) {
        return run.contains("/") || Files.isDirectory(Path.of(run));
    }
}

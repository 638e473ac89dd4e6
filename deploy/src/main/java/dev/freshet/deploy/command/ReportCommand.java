package dev.freshet.deploy.command;

import dev.freshet.coordinator.results.ResultFiles;
import dev.freshet.deploy.terminal.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows the report of a finished run. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Shows the report of a finished run again.",
        footer = {"", "Example:", "  freshet report results/20261123T170102Z-run"})
public final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIRECTORY", description = "A result directory.")
    private Path directory;

    @Override
    public Integer call() {
        System.out.print(ResultFiles.report(directory, Terminal.colorOnStdout()));
        return ExitCode.DONE;
    }
}

package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.ResultFiles;
import dev.freshet.coordinator.results.report.ReportHtml;
import dev.freshet.deploy.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows the report of a finished run, and writes it again as a file for a browser. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Shows the report of a finished run again, and writes its report.html again.",
        footer = {
            "",
            "Examples:",
            "  freshet report results/20261123T170102Z-run",
            "  freshet report --no-html results/20261123T170102Z-run"
        })
public final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "DIRECTORY", description = "A result directory.")
    private Path directory;

    @Option(
            names = "--no-html",
            description =
                    "Only show the report: report.html stays as it is, for example in a directory that is read-only.")
    private boolean withoutHtml;

    @Override
    public Integer call() {
        if (!withoutHtml) {
            writeHtml(ResultDirectory.open(directory));
        }
        System.out.print(ResultFiles.report(directory, Terminal.colorOnStdout()));
        return ExitCode.DONE;
    }

    /** A run without summary has no report for the terminal, but its file for a browser shows what there is. */
    private static void writeHtml(ResultDirectory result) {
        try {
            ReportHtml.write(result);
        } catch (IOException e) {
            throw new InputException(
                    "cannot write " + ReportHtml.FILE + " into '" + result.path() + "' (" + e.getMessage()
                            + "); with --no-html the report is shown only",
                    e);
        }
    }
}

package dev.freshet.deploy;

import dev.freshet.common.InputException;
import dev.freshet.deploy.command.AgentCommand;
import dev.freshet.deploy.command.CompareCommand;
import dev.freshet.deploy.command.ConsumerCommand;
import dev.freshet.deploy.command.CoordinatorCommand;
import dev.freshet.deploy.command.DoctorCommand;
import dev.freshet.deploy.command.ExitCode;
import dev.freshet.deploy.command.KeysCommand;
import dev.freshet.deploy.command.MergeCommand;
import dev.freshet.deploy.command.ProducerCommand;
import dev.freshet.deploy.command.RehearseCommand;
import dev.freshet.deploy.command.ReportCommand;
import dev.freshet.deploy.command.RunCommand;
import dev.freshet.deploy.command.RunsCommand;
import dev.freshet.deploy.command.SetRateCommand;
import dev.freshet.deploy.command.StatusCommand;
import dev.freshet.deploy.command.StopCommand;
import dev.freshet.deploy.command.Version;
import dev.freshet.deploy.remote.CoordinatorUnusable;
import dev.freshet.deploy.remote.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/** The {@code freshet} command. */
@Command(
        name = "freshet",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Drives a fleet of ZeroMQ producers as one, and merges their books into one result that can be trusted.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            CoordinatorCommand.class,
            AgentCommand.class,
            KeysCommand.class,
            ProducerCommand.class,
            ConsumerCommand.class,
            MergeCommand.class,
            StatusCommand.class,
            StopCommand.class,
            SetRateCommand.class,
            RunsCommand.class,
            CompareCommand.class,
            ReportCommand.class,
            DoctorCommand.class,
            RehearseCommand.class,
            GenerateCompletion.class
        },
        footer = {
            "",
            "Examples:",
            "  freshet run                                   4 producers and a consumer here, 1.05 GB/s for 10 s",
            "  freshet run --rate 2000/s --size 64KiB --gate 'loss == 0' --gate 'total.p99 < 5ms'",
            "  freshet run --plan night.yaml --dry-run       shows the shards, runs nothing",
            "  source <(freshet generate-completion)         completes options in bash and zsh",
            "",
            "Exit codes: 0 done and gates passed, 1 a gate failed, 2 usage or plan error, 3 agents missing or lost,",
            "4 measurement INVALID, 130 interrupted."
        })
public final class Freshet {
    /** The examples fit without breaking. */
    private static final int HELP_WIDTH = 110;

    public static void main(String[] args) {
        if (args.length > 0
                && (args[0].equals("agent") || args[0].equals("coordinator"))
                && System.getProperty("freshet.log") == null) {
            System.setProperty("freshet.log", "INFO"); // long-running ones tell what happens; read by logback.xml
        }
        System.exit(run(args));
    }

    /** Runs one command line and returns its exit code. */
    public static int run(String... args) {
        CommandLine commands = new CommandLine(new Freshet());
        commands.setParameterExceptionHandler(Freshet::usageError);
        commands.setExecutionExceptionHandler(Freshet::executionError);
        commands.setCaseInsensitiveEnumValuesAllowed(true);
        commands.setExpandAtFiles(false);
        commands.setUsageHelpWidth(HELP_WIDTH);
        if (args.length == 0) {
            commands.usage(System.out);
            return ExitCode.DONE;
        }
        return commands.execute(args);
    }

    private static int usageError(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        System.err.println("freshet: " + oneLine(e.getMessage()) + " ("
                + command.getCommandSpec().qualifiedName() + " --help shows the options)");
        return ExitCode.USAGE;
    }

    private static int executionError(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (e instanceof CoordinatorUnusable) {
            System.err.println("freshet: " + oneLine(e.getMessage()));
            return ExitCode.AGENTS_LOST;
        }
        if (e instanceof InputException || e instanceof Refusal) {
            System.err.println("freshet: " + oneLine(e.getMessage()));
            return ExitCode.USAGE;
        }
        if (e instanceof IOException || e instanceof UncheckedIOException) {
            System.err.println("freshet: " + oneLine(String.valueOf(e.getMessage())));
            return ExitCode.USAGE;
        }
        e.printStackTrace();
        return ExitCode.INTERNAL;
    }

    private static String oneLine(String message) {
        return message.replaceAll("\\s*\\R\\s*", " ");
    }
}

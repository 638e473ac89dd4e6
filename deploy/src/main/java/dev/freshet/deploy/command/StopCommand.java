package dev.freshet.deploy.command;

import dev.freshet.deploy.remote.RunControls;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Ends the run of a running coordinator. */
@Command(
        name = "stop",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Asks a running coordinator to end its run in order, with its books kept. Does not wait for that.",
        footer = {
            "",
            "Examples:",
            "  freshet stop                                       ends the run in progress",
            "  freshet stop 20261123T170102Z-night --coordinator http://daq1:8080 --token-file token"
        })
public final class StopCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "ID", description = "The run (default: the one in progress).")
    private String run;

    @Mixin
    private CoordinatorOptions coordinator;

    @Override
    public Integer call() throws Exception {
        RunControls controls = new RunControls(coordinator.client());
        String stopped = run == null ? controls.current() : run;
        controls.stop(stopped, "stopped by a person");
        System.out.println("run " + stopped + " is asked to stop");
        return ExitCode.DONE;
    }
}

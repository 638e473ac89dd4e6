package dev.freshet.deploy.command;

import static java.util.Locale.ROOT;

import dev.freshet.common.units.Rate;
import dev.freshet.deploy.remote.RunControls;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Changes the rate of a run that goes on. */
@Command(
        name = "set-rate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Changes the rate of the run that a running coordinator carries out.",
        footer = {
            "",
            "Examples:",
            "  freshet set-rate 2000/s                            of the run in progress",
            "  freshet set-rate 100k/s 20261123T170102Z-night --coordinator http://daq1:8080 --token-file token"
        })
public final class SetRateCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "RATE",
            description = "Messages per second of the whole fleet: 1000/s, 0.5/s, 100k/s.")
    private String rate;

    @Parameters(index = "1", arity = "0..1", paramLabel = "ID", description = "The run (default: the one in progress).")
    private String run;

    @Mixin
    private CoordinatorOptions coordinator;

    @Override
    public Integer call() throws Exception {
        Rate.parse("RATE", rate);
        RunControls controls = new RunControls(coordinator.client());
        String changed = run == null ? controls.current() : run;
        RunControls.Change change = controls.setRate(changed, rate);
        System.out.println(String.format(
                ROOT, "run %s: %.1f/s from second %.3f on", changed, change.rateHertz(), change.fromSeconds()));
        return ExitCode.DONE;
    }
}

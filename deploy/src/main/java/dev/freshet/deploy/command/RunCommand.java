package dev.freshet.deploy.command;

import dev.freshet.agent.monitor.NetworkInterfaces;
import dev.freshet.common.plan.Plan;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.launch.LocalFleet;
import dev.freshet.deploy.terminal.ProgressView;
import dev.freshet.deploy.terminal.ShardTable;
import dev.freshet.deploy.terminal.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One fleet test on this machine, from launching the agents to the result. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Runs one fleet test on this machine: a coordinator, producers and consumers as separate processes, driven as one.",
        footer = {
            "",
            "Examples:",
            "  freshet run                                          1.05 GB/s for 10 s: 4 producers, a consumer",
            "  freshet run --rate 100k/s --size 100B --agents 2 --duration 30s",
            "  freshet run --size 16KiB:3,1MiB:1 --phase aligned --on-full wait",
            "  freshet run --gate 'loss == 0' --gate 'total.p99 < 5ms' --gate 'throughput >= 1GB/s'",
            "  freshet run --rate 1001/s --agents 3 --dry-run       shows the shards, runs nothing",
            "  freshet run --plan night.yaml --out /data/results --json > night.json"
        })
public final class RunCommand implements Callable<Integer> {
    @Mixin
    private PlanOptions planOptions;

    @Option(
            names = "--out",
            order = 21,
            paramLabel = "DIR",
            defaultValue = "results",
            description = "Where the result directory is made (default: ${DEFAULT-VALUE}).")
    private Path out;

    @Option(
            names = "--control-port",
            order = 24,
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of the control channel (default: any free one).")
    private int controlPort;

    @Option(names = "--dry-run", order = 23, description = "Shows what each agent would do, and runs nothing.")
    private boolean dryRun;

    @Option(names = "--json", order = 22, description = "Prints summary.json instead of the report.")
    private boolean json;

    @Mixin
    private KubernetesOptions kubernetes;

    @Override
    public Integer call() throws Exception {
        Plan plan = planOptions.plan();
        RunRequest request = RunRequest.launched(plan, out);
        if (dryRun) {
            System.out.print(ShardTable.of(request));
            return ExitCode.DONE;
        }
        if (kubernetes.isWanted()) {
            return kubernetes.run(request, json);
        }
        String address =
                NetworkInterfaces.resolve("--interface", plan.interfaceName()).address();
        BusyPorts.check(plan, address, controlPort);
        try (Interruption interruption = new Interruption();
                ProgressView view = ProgressView.of(Terminal.ofProcess(), plan);
                Coordinator coordinator = new Coordinator("127.0.0.1", controlPort, Version.current(), null);
                LocalFleet fleet = new LocalFleet(coordinator, request)) {
            return WatchedRun.carryOut(
                    coordinator, request, view, fleet.launchingWhenGathering(view), json, interruption);
        }
    }
}

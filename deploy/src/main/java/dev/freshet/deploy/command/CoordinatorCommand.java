package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.common.keys.CoordinatorKeys;
import dev.freshet.common.keys.KeyDirectory;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.units.Durations;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.RunResult;
import dev.freshet.coordinator.web.WebOptions;
import dev.freshet.deploy.terminal.ProgressView;
import dev.freshet.deploy.terminal.Terminal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A coordinator for agents that are started elsewhere. */
@Command(
        name = "coordinator",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "A coordinator for standing agents: waits for them on its control port, and carries out plans with them, from its page, its API or the command line.",
        footer = {
            "",
            "Examples:",
            "  freshet coordinator                                  serves agents, page and API until it is stopped",
            "  freshet coordinator --plan night.yaml --patience 2m  runs the plan once, when the agents it needs have joined",
            "  freshet coordinator --keys fleet --listen 10.0.0.1   serves a network; only agents with a key can join",
            "  freshet coordinator --keys fleet --listen 10.0.0.1 --token-file token --tls-cert cert.pem --tls-key key.pem"
        })
public final class CoordinatorCommand implements Callable<Integer> {
    /** For a run in progress to drain and be written, before whoever watches over the process loses patience. */
    private static final long END_SECONDS = 50;

    @Mixin
    private PlanOptions planOptions;

    @Option(
            names = "--listen",
            order = 21,
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address of control channel and page (default: ${DEFAULT-VALUE}).")
    private String listen;

    @Option(
            names = "--keys",
            order = 23,
            paramLabel = "DIR",
            description = "Keys of the control channel, made by 'freshet keys': only agents on their list can join.")
    private Path keyDirectory;

    @Option(
            names = "--insecure",
            order = 23,
            description =
                    "Allows an address beyond loopback without keys: whoever reaches it can then join as an agent.")
    private boolean insecure;

    @Option(
            names = "--control-port",
            order = 22,
            paramLabel = "PORT",
            defaultValue = "5550",
            description = "Port of the control channel (default: ${DEFAULT-VALUE}).")
    private int controlPort;

    @Option(
            names = "--patience",
            order = 24,
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "How long to wait for the agents of a plan (default: ${DEFAULT-VALUE}).")
    private String patience;

    @Option(
            names = {"--results", "--out"},
            order = 25,
            paramLabel = "DIR",
            defaultValue = "results",
            description = "Where each run's directory is made (default: ${DEFAULT-VALUE}).")
    private Path results;

    @Mixin
    private WebServing web;

    @Option(names = "--json", order = 26, description = "Prints summary.json instead of the report.")
    private boolean json;

    @Option(
            names = "--hold",
            order = 27,
            description =
                    "After the run of a plan prints 'freshet: result CODE DIR' in place of the report, and stays until it is told to end, so that the results can be fetched.")
    private boolean hold;

    @Override
    public Integer call() throws Exception {
        CoordinatorKeys keys = keyDirectory == null ? null : new KeyDirectory(keyDirectory).read();
        if (keys == null) {
            requireLoopback();
        }
        Plan plan = planOptions.isGiven() ? planOptions.plan() : null;
        WebOptions served = web.options(listen, results, plan == null);
        Duration wait = Durations.parse("--patience", patience);
        try (Interruption interruption = new Interruption();
                Coordinator coordinator = new Coordinator(listen, controlPort, Version.current(), keys)) {
            String page = coordinator.serve(served);
            System.err.println("freshet: the coordinator listens on " + coordinator.endpoint()
                    + (keys == null ? "" : "; agents need a key of " + keyDirectory));
            System.err.println("freshet: page and API at " + page);
            return plan == null ? serve(coordinator, interruption) : runOnce(coordinator, plan, wait, interruption);
        }
    }

    private void requireLoopback() {
        try {
            if (!insecure && !InetAddress.getByName(listen).isLoopbackAddress()) {
                throw new InputException(
                        "--listen: " + listen
                                + " is beyond loopback, and the control channel has no keys: make some with 'freshet keys' and name them with --keys, or allow it with --insecure on a network you trust");
            }
        } catch (UnknownHostException e) {
            throw new InputException("--listen: '" + listen + "' is not an address of this machine", e);
        }
    }

    private static int serve(Coordinator coordinator, Interruption interruption) throws Exception {
        CountDownLatch told = new CountDownLatch(1);
        interruption.stopsBy(told::countDown);
        told.await(); // for as long as nobody ends the process
        try {
            coordinator.endRuns("the coordinator was told to end").get(END_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            System.err.println(
                    "freshet: the run in progress did not end within " + END_SECONDS + " s, and is given up");
        }
        return ExitCode.DONE;
    }

    private int runOnce(Coordinator coordinator, Plan plan, Duration wait, Interruption interruption) throws Exception {
        RunRequest request;
        try {
            CompletableFuture<RunRequest> gathering = coordinator.gather(plan, results, wait);
            interruption.stopsBy(() -> gathering.cancel(false));
            request = gathering.get();
        } catch (CancellationException e) {
            return ended(ExitCode.INTERRUPTED, null, interruption);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TimeoutException missing) {
                System.err.println("freshet: " + missing.getMessage());
                return ended(ExitCode.AGENTS_LOST, null, interruption);
            }
            throw e;
        }
        RunResult result;
        try (ProgressView view = ProgressView.of(Terminal.ofProcess(), plan)) {
            if (!hold) {
                return WatchedRun.carryOut(coordinator, request, view, view, json, interruption);
            }
            result = WatchedRun.await(coordinator, request, view, interruption);
        }
        result.reasons().forEach(reason -> System.err.println("freshet: " + reason));
        return ended(WatchedRun.exitCode(result.outcome()), result.directory(), interruption);
    }

    private int ended(int exitCode, Path directory, Interruption interruption) throws InterruptedException {
        if (hold) {
            HeldResult.hold(exitCode, directory, interruption);
        }
        return exitCode;
    }
}

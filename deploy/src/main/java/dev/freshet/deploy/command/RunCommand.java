package dev.freshet.deploy.command;

import dev.freshet.agent.monitor.NetworkInterfaces;
import dev.freshet.common.InputException;
import dev.freshet.common.keys.EphemeralKeys;
import dev.freshet.common.plan.ExternalConsumer;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.zmq.CurveKeys;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.web.WebOptions;
import dev.freshet.deploy.launch.EachHost;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.HostsUnusable;
import dev.freshet.deploy.launch.LaunchedFleet;
import dev.freshet.deploy.launch.Launcher;
import dev.freshet.deploy.launch.LocalLauncher;
import dev.freshet.deploy.launch.Site;
import dev.freshet.deploy.terminal.ProgressView;
import dev.freshet.deploy.terminal.ShardTable;
import dev.freshet.deploy.terminal.Terminal;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One fleet test, from launching the agents, here or on other hosts, to the result. */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Runs one fleet test: a coordinator here, and producers and consumers here or on other hosts, driven as one.",
        footer = {
            "",
            "Examples:",
            "  freshet run                                          1.05 GB/s for 10 s: 4 producers, a consumer",
            "  freshet run --rate 100k/s --size 100B --agents 2 --duration 30s",
            "  freshet run --rate max --size 1KiB --measure 1/100   as fast as it goes",
            "  freshet run --size 16KiB:3,1MiB:1 --phase aligned --on-full wait",
            "  freshet run --gate 'loss == 0' --gate 'total.p99 < 5ms' --gate 'throughput >= 1GB/s'",
            "  freshet run --rate 1001/s --agents 3 --dry-run       shows the shards, runs nothing",
            "  freshet run --consumers external:127.0.0.1           waits for a consumer of yours on the contract's ports",
            "  freshet run --plan night.yaml --out /data/results --json > night.json",
            "  freshet run --hosts daq1,daq2:eth1,user@daq3:2 --consumer-hosts viz1 --rate 4000/s",
            "  freshet run --coordinator http://daq1:8080 --plan night.yaml --out /data/results"
        })
public final class RunCommand implements Callable<Integer> {
    @Mixin
    private PlanOptions planOptions;

    @Mixin
    private FleetOptions fleetOptions;

    @Option(
            names = "--out",
            order = 21,
            paramLabel = "DIR",
            description =
                    "Where the result directory is made (default: results; with --coordinator it stays there unless this is given).")
    private Path out;

    @Option(
            names = "--control-port",
            order = 24,
            paramLabel = "PORT",
            description = "Port of the control channel (default: any free one).")
    private Integer controlPort;

    @Option(
            names = "--port",
            order = 24,
            paramLabel = "PORT",
            defaultValue = "0",
            description = "Port of the live page, on loopback (default: any free one).")
    private int port;

    @Option(names = "--no-page", order = 24, description = "Serves no live page.")
    private boolean noPage;

    @Option(names = "--dry-run", order = 23, description = "Shows what each agent would do, and runs nothing.")
    private boolean dryRun;

    @Option(names = "--json", order = 22, description = "Prints summary.json instead of the report.")
    private boolean json;

    @Mixin
    private KubernetesOptions kubernetes;

    @Mixin
    private RemoteOptions remote;

    @Override
    public Integer call() throws Exception {
        if (remote.isWanted()) {
            requireNothingToLaunch();
            Plan plan = planOptions.plan();
            return dryRun ? remote.rehearse(plan) : remote.run(plan, out, json);
        }
        Plan plan = planOptions.plan(fleetOptions.planDefaults());
        RunRequest request = RunRequest.launched(plan, out == null ? Path.of("results") : out);
        if (dryRun) {
            fleetOptions.requireFit(request);
            System.out.print(ShardTable.of(request));
            return ExitCode.DONE;
        }
        if (kubernetes.isWanted()) {
            fleetOptions.requireNone("--kubernetes");
            return kubernetes.run(request, json);
        }
        if (!noPage) {
            BusyPorts.checkPage(port);
        }
        try (Interruption interruption = new Interruption();
                HostAccess access = fleetOptions.access()) {
            Sites sites = fleetOptions.sites(request, access);
            if (sites.allHere()) {
                fleetOptions.requireNotAdvertised();
                checkHere(plan);
            }
            interruption.stopsBy(access::cancel);
            try {
                ready(request, sites, access);
            } catch (HostsUnusable e) {
                if (interruption.isRequested()) {
                    return ExitCode.INTERRUPTED;
                }
                e.problems().forEach(problem -> System.err.println("freshet: " + problem));
                return ExitCode.AGENTS_LOST;
            }
            if (interruption.isRequested()) {
                return ExitCode.INTERRUPTED;
            }
            return run(request, sites, access, interruption);
        }
    }

    /** The agents of a coordinator that runs stand by it already. */
    private void requireNothingToLaunch() {
        fleetOptions.requireNone("--coordinator");
        if (kubernetes.isWanted() || controlPort != null || port != 0 || noPage) {
            throw new InputException(
                    "--coordinator: --kubernetes, --control-port, --port and --no-page mean nothing beside it");
        }
    }

    private int controlPort() {
        return controlPort == null ? 0 : controlPort;
    }

    /** All hosts at once, and all that is wrong with any of them together. */
    private void ready(RunRequest request, Sites sites, HostAccess access) throws HostsUnusable, InterruptedException {
        Preflight preflight = new Preflight(request, sites, new HostDoctor(access, fleetOptions.advertise()));
        EachHost.of(sites.hosts(), host -> {
            access.prepare(host, line -> System.err.println("freshet: " + line));
            preflight.check(host);
            return host;
        });
    }

    private int run(RunRequest request, Sites sites, HostAccess access, Interruption interruption) throws Exception {
        InetAddress listen = fleetOptions.listen(sites);
        EphemeralKeys keys = listen.isLoopbackAddress() ? null : new EphemeralKeys(CurveKeys::generate);
        try (ProgressView view = ProgressView.of(Terminal.ofProcess(), request.plan());
                Coordinator coordinator = new Coordinator(
                        listen.getHostAddress(),
                        controlPort(),
                        Version.current(),
                        keys == null ? null : keys.coordinator());
                LaunchedFleet fleet = new LaunchedFleet(
                        coordinator,
                        Launches.of(request, sites, launchers(access, listen, coordinator.port()), keys))) {
            RunListener listener = fleet.launchingWhenGathering(view);
            try (LivePage page = new LivePage(coordinator, view)) {
                if (!noPage) {
                    page.open(WebOptions.forOneRun(port, out));
                }
                return WatchedRun.carryOut(coordinator, request, view, listener, json, interruption);
            }
        }
    }

    /** One launcher for each host. */
    private Function<Site, Launcher> launchers(HostAccess access, InetAddress listen, int port) {
        String here = listen.isAnyLocalAddress() ? "127.0.0.1" : listen.getHostAddress();
        Map<String, Launcher> byHost = new HashMap<>();
        return site -> byHost.computeIfAbsent(
                site.isHere() ? Site.HERE : site.host(),
                host -> site.isHere()
                        ? new LocalLauncher("tcp://" + here + ":" + port)
                        : access.launcher(host, "tcp://" + seenFrom(access, host) + ":" + port));
    }

    private String seenFrom(HostAccess access, String host) {
        return fleetOptions.advertise() != null ? fleetOptions.advertise() : access.seenFrom(host);
    }

    private void checkHere(Plan plan) {
        requireReachable(plan);
        String address =
                NetworkInterfaces.resolve("--interface", plan.interfaceName()).address();
        BusyPorts.check(plan, address, controlPort());
    }

    /** On loopback no consumer of another host could reach the agents, and they would wait for it in vain. */
    private static void requireReachable(Plan plan) {
        for (ExternalConsumer external : plan.external()) {
            if (plan.interfaceName() == null && !NetworkInterfaces.isHere("--consumers", external.host())) {
                throw new InputException("--consumers: " + external.host()
                        + " is another host, and the agents would bind loopback; name an interface with --interface");
            }
        }
    }
}

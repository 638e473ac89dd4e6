package dev.freshet.deploy.command;

import dev.freshet.agent.monitor.NetworkInterfaces;
import dev.freshet.common.HostName;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import dev.freshet.deploy.doctor.Checkup;
import dev.freshet.deploy.doctor.CheckupJson;
import dev.freshet.deploy.doctor.CheckupTable;
import dev.freshet.deploy.doctor.Doctor;
import dev.freshet.deploy.doctor.check.Intent;
import dev.freshet.deploy.doctor.check.PortList;
import dev.freshet.deploy.doctor.host.Host;
import dev.freshet.deploy.launch.EachHost;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.HostsUnusable;
import dev.freshet.deploy.launch.Site;
import dev.freshet.deploy.terminal.Terminal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Says what will spoil a measurement on this host, or on others. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Says what will spoil a measurement on this host or on others, each with the command that mends it. Changes nothing.",
        footer = {
            "",
            "Examples:",
            "  freshet doctor                                          this host, over its loopback interface",
            "  freshet doctor --interface eth1 --ports 5550,6000-6007  and are these ports free, or who has them",
            "  freshet doctor --interface eth1 --rate 1000/s --size 1MiB --duration 1h",
            "                                                          is there link and disk enough for that",
            "  freshet doctor --hosts daq1,daq2:eth1,user@daq3         each of these hosts, through ssh",
            "  freshet doctor --json                                   for programs",
            "",
            "Exit codes: 0 nothing to mend (what could not be found out does not count), 1 warnings or failures, 2 usage error, 3 a host cannot be reached."
        })
public final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--interface",
            paramLabel = "IF",
            description =
                    "Network interface that is to be measured over, by its name or IPv4 address (default: loopback).")
    private String interfaceName;

    @Option(
            names = "--towards",
            paramLabel = "HOST",
            description = "Instead of --interface: the one by which HOST is reached.")
    private String towards;

    @Mixin
    private HostOptions hosts;

    @Option(
            names = "--ports",
            paramLabel = "LIST",
            description =
                    "Ports that must be free on the interface's address: 5550,6000-6007 (default: none are looked at).")
    private String ports;

    @Option(
            names = "--rate",
            paramLabel = "RATE",
            description =
                    "Messages per second of this host, for sharper checks of link and disk: 1000/s, 0.5/s, 100k/s.")
    private String rate;

    @Option(names = "--size", paramLabel = "SIZE", description = "Their payload: 100B, 16KiB, or a mix 16KiB:3,1MiB:1.")
    private String size;

    @Option(names = "--duration", paramLabel = "TIME", description = "For how long: 10s, 2m, 1h.")
    private String duration;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            defaultValue = "results",
            description =
                    "Where results are to go (default: ${DEFAULT-VALUE}). Recordings go to the temporary directory.")
    private Path out;

    @Option(names = "--json", description = "Prints the findings as JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        List<Checkup> checkups;
        try (Interruption interruption = new Interruption();
                HostAccess access = hosts.access(hosts.sites())) {
            interruption.stopsBy(access::cancel);
            checkups = new ArrayList<>(elsewhere(access));
        } catch (HostsUnusable e) {
            e.problems().forEach(problem -> System.err.println("freshet: " + problem));
            return ExitCode.AGENTS_LOST;
        }
        List<Site> here = hosts.sites().stream().filter(Site::isHere).distinct().toList();
        for (Site place : checkups.isEmpty() && here.isEmpty() ? List.of(new Site(null, null)) : here) {
            checkups.add(new Doctor(Host.here(), HostName.ofThisMachine(), Version.current()).examine(intent(place)));
        }
        System.out.print(
                json && hosts.areGiven()
                        ? checkups.stream().map(CheckupJson::text).collect(Collectors.joining(",\n", "[", "]\n"))
                        : json
                                ? CheckupJson.text(checkups.get(0))
                                : CheckupTable.of(checkups, Terminal.colorOnStdout()));
        return checkups.stream().anyMatch(checkup -> checkup.worst().spoils()) ? ExitCode.GATE_FAILED : ExitCode.DONE;
    }

    /** What is found on the other hosts that were named, or on all nodes of an allocation. */
    private List<Checkup> elsewhere(HostAccess access) throws HostsUnusable, InterruptedException {
        List<Site> named = hosts.sites().isEmpty()
                ? access.nodes().stream().map(node -> new Site(node, null)).toList()
                : hosts.sites();
        List<Site> places =
                named.stream().filter(site -> !site.isHere()).distinct().toList();
        List<String> names = places.stream().map(Site::host).distinct().toList();
        HostDoctor doctor = new HostDoctor(access, towards);
        Map<String, List<Checkup>> found = EachHost.of(names, host -> {
            access.prepare(host, line -> System.err.println("freshet: " + line));
            List<Checkup> there = new ArrayList<>();
            for (Site place : places) {
                if (place.host().equals(host)) {
                    there.add(doctor.examine(
                            place.interfaceName() == null ? new Site(host, interfaceName) : place, passedOn()));
                }
            }
            return there;
        });
        return found.values().stream().flatMap(List::stream).toList();
    }

    /** The options that hold on every host. */
    private List<String> passedOn() {
        List<String> options = new ArrayList<>(List.of("--out", out.toString()));
        Map<String, String> given = new LinkedHashMap<>();
        given.put("--ports", ports);
        given.put("--rate", rate);
        given.put("--size", size);
        given.put("--duration", duration);
        given.forEach((option, value) -> {
            if (value != null) {
                options.addAll(List.of(option, value));
            }
        });
        return options;
    }

    private Intent intent(Site place) {
        return new Intent(
                towards != null && place.interfaceName() == null
                        ? NetworkInterfaces.towards("--towards", towards)
                        : NetworkInterfaces.resolve(
                                "--interface", place.interfaceName() != null ? place.interfaceName() : interfaceName),
                ports == null ? List.of() : PortList.parse("--ports", ports),
                Path.of(System.getProperty("java.io.tmpdir")),
                out,
                rate == null ? null : Rate.parse("--rate", rate),
                size == null ? null : SizeMix.parse("--size", size),
                duration == null ? null : Durations.parse("--duration", duration));
    }
}

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
import dev.freshet.deploy.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what will spoil a measurement on this host. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Says what will spoil a measurement on this host, each with the command that mends it. Changes nothing.",
        footer = {
            "",
            "Examples:",
            "  freshet doctor                                          this host, over its loopback interface",
            "  freshet doctor --interface eth1 --ports 5550,6000-6007  and are these ports free, or who has them",
            "  freshet doctor --interface eth1 --rate 1000/s --size 1MiB --duration 1h",
            "                                                          is there link and disk enough for that",
            "  freshet doctor --json                                   for programs",
            "",
            "Exit codes: 0 nothing to mend (what could not be found out does not count), 1 warnings or failures, 2 usage error."
        })
public final class DoctorCommand implements Callable<Integer> {
    @Option(
            names = "--interface",
            paramLabel = "IF",
            description =
                    "Network interface that is to be measured over, by its name or IPv4 address (default: loopback).")
    private String interfaceName;

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
    public Integer call() {
        Intent intent = new Intent(
                NetworkInterfaces.resolve("--interface", interfaceName),
                ports == null ? List.of() : PortList.parse("--ports", ports),
                Path.of(System.getProperty("java.io.tmpdir")),
                out,
                rate == null ? null : Rate.parse("--rate", rate),
                size == null ? null : SizeMix.parse("--size", size),
                duration == null ? null : Durations.parse("--duration", duration));
        Checkup checkup = new Doctor(Host.here(), HostName.ofThisMachine(), Version.current()).examine(intent);
        System.out.print(
                json ? CheckupJson.text(checkup) : CheckupTable.of(List.of(checkup), Terminal.colorOnStdout()));
        return checkup.worst().spoils() ? ExitCode.GATE_FAILED : ExitCode.DONE;
    }
}

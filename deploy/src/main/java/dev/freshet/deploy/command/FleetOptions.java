package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.Site;
import dev.freshet.deploy.launch.slurm.SlurmAccess;
import dev.freshet.deploy.launch.ssh.SshAccess;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** The options that say where the agents of a run are to be. Without any, all are on this machine. */
final class FleetOptions {
    @Option(
            names = "--hosts",
            order = 30,
            paramLabel = "HOST,…",
            description = "Hosts of the producers, through ssh: daq1,daq2:eth1,user@daq3:2 (an interface, how many; '"
                    + Site.HERE + "' is this machine).")
    private String hosts;

    @Option(names = "--hosts-file", order = 31, paramLabel = "FILE", description = "A file of such hosts, one a line.")
    private Path hostsFile;

    @Option(
            names = "--consumer-hosts",
            order = 32,
            paramLabel = "HOST,…",
            description = "Hosts of the consumers, in the same form.")
    private String consumerHosts;

    @Option(
            names = "--slurm",
            order = 33,
            description =
                    "Places the agents on the nodes of the Slurm allocation that this is in; --hosts and --consumer-hosts may name them.")
    private boolean slurm;

    @Option(
            names = "--listen",
            order = 34,
            paramLabel = "ADDRESS",
            description =
                    "Address of the control channel (default: loopback, or every interface with agents on other hosts; it has keys then).")
    private String listen;

    @Option(
            names = "--advertise",
            order = 35,
            paramLabel = "ADDRESS",
            description =
                    "Name or address by which the hosts reach this machine (default: as each host's ssh connection shows it; with --slurm, this node's name).")
    private String advertise;

    private List<Site> producers() {
        if (hosts != null && hostsFile != null) {
            throw new InputException("--hosts and --hosts-file: one of them names the hosts, not both");
        }
        return hosts != null
                ? Site.parse("--hosts", hosts)
                : hostsFile != null ? Site.read("--hosts-file", hostsFile) : List.of();
    }

    private List<Site> consumers() {
        return consumerHosts == null ? List.of() : Site.parse("--consumer-hosts", consumerHosts);
    }

    /** Keys of the plan that follow from the hosts, unless it says otherwise. */
    Map<String, String> planDefaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        if (!producers().isEmpty()) {
            defaults.put("agents", String.valueOf(producers().size()));
        }
        if (!consumers().isEmpty()) {
            defaults.put("consumers", String.valueOf(consumers().size()));
        }
        return defaults;
    }

    /**
     * Where the agents of a run are to be.
     *
     * @throws InputException if the hosts do not fit the plan
     */
    Sites sites(RunRequest request, HostAccess access) {
        return producers().isEmpty() && consumers().isEmpty() && !access.nodes().isEmpty()
                ? Sites.onNodes(request, access.nodes())
                : Sites.named(request, producers(), consumers());
    }

    /** The way to the hosts. */
    HostAccess access() {
        if (slurm) {
            return new SlurmAccess(System.getenv());
        }
        boolean allHere =
                Stream.concat(producers().stream(), consumers().stream()).allMatch(Site::isHere);
        return allHere ? HostAccess.NONE : new SshAccess();
    }

    /** Where the control channel listens. */
    String listen(Sites sites) {
        return listen != null ? listen : sites.allHere() ? "127.0.0.1" : "0.0.0.0";
    }

    /** How the hosts reach this machine; null: as each host's connection shows it. */
    String advertise() {
        return advertise;
    }
}

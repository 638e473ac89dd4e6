package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.Site;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say where the agents of a run are to be: without any, on this machine. The hosts are those of the producers. */
final class FleetOptions {
    @Mixin
    private HostOptions hosts;

    @Option(
            names = "--consumer-hosts",
            order = 32,
            paramLabel = "HOST,…",
            description = "Hosts of the consumers, in the form of --hosts, which are then the producers'.")
    private String consumerHosts;

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

    private List<Site> consumers() {
        return consumerHosts == null ? List.of() : Site.parse("--consumer-hosts", consumerHosts);
    }

    /** @throws InputException if any is given beside another option that says where the agents are to be */
    void requireNone(String other) {
        if (hosts.areGiven() || consumerHosts != null || listen != null || advertise != null) {
            throw new InputException(
                    other
                            + ": --hosts, --hosts-file, --slurm, --consumer-hosts, --listen and --advertise mean nothing beside it");
        }
    }

    /** Keys of the plan that follow from the hosts, unless it says otherwise. */
    Map<String, String> planDefaults() {
        Map<String, String> defaults = new LinkedHashMap<>();
        if (!hosts.sites().isEmpty()) {
            defaults.put("agents", String.valueOf(hosts.sites().size()));
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
        return hosts.sites().isEmpty()
                        && consumers().isEmpty()
                        && !access.nodes().isEmpty()
                ? Sites.onNodes(request, access.nodes())
                : Sites.named(request, hosts.sites(), consumers());
    }

    /** @throws InputException if the hosts that are named do not fit the plan */
    void requireFit(RunRequest request) {
        if (!hosts.sites().isEmpty() || !consumers().isEmpty()) {
            Sites.named(request, hosts.sites(), consumers());
        }
    }

    /** @throws InputException if an address is told to hosts that there are not */
    void requireNotAdvertised() {
        if (advertise != null) {
            throw new InputException("--advertise: " + advertise + " is for agents on other hosts, and there are none");
        }
    }

    /** The way to the hosts. */
    HostAccess access() {
        return hosts.access(
                Stream.concat(hosts.sites().stream(), consumers().stream()).toList());
    }

    /**
     * Where the control channel listens.
     *
     * @throws InputException if the address is none of this machine's
     */
    InetAddress listen(Sites sites) {
        try {
            return InetAddress.getByName(listen != null ? listen : sites.allHere() ? "127.0.0.1" : "0.0.0.0");
        } catch (UnknownHostException e) {
            throw new InputException("--listen: '" + listen + "' is not an address of this machine", e);
        }
    }

    /** How the hosts reach this machine; null: as each of them sees it. */
    String advertise() {
        return advertise;
    }
}

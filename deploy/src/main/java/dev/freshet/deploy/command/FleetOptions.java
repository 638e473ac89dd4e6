package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Plan;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.Site;
import dev.freshet.deploy.launch.ssh.SshAccess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
            names = "--listen",
            order = 33,
            paramLabel = "ADDRESS",
            description =
                    "Address of the control channel (default: loopback, or every interface with agents on other hosts; it has keys then).")
    private String listen;

    @Option(
            names = "--advertise",
            order = 34,
            paramLabel = "ADDRESS",
            description =
                    "Name or address by which the hosts reach this machine (default: as each host's ssh connection shows it).")
    private String advertise;

    /** Where each agent of a run is to be, by name. */
    record Sites(Map<String, Site> byAgent) {
        List<String> hosts() {
            return byAgent.values().stream()
                    .filter(site -> !site.isHere())
                    .map(Site::host)
                    .distinct()
                    .toList();
        }

        boolean allHere() {
            return hosts().isEmpty();
        }
    }

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
     * Deals the hosts to the agents, in turn where there are more agents.
     *
     * @throws InputException if the hosts do not fit the plan
     */
    Sites sites(Plan plan, List<String> producerNames, List<String> consumerNames) {
        Map<String, Site> sites = new LinkedHashMap<>();
        deal("--hosts", producers(), producerNames, plan, sites);
        boolean away = sites.values().stream().anyMatch(site -> !site.isHere());
        if (away && consumers().isEmpty() && !consumerNames.isEmpty()) {
            throw new InputException("--consumer-hosts: where are the plan's " + consumerNames.size()
                    + " consumers to be? Name their hosts ('" + Site.HERE
                    + ":IF' is this machine), or give --consumers 0 or external:HOST");
        }
        deal("--consumer-hosts", consumers(), consumerNames, plan, sites);
        Sites all = new Sites(sites);
        if (!all.allHere()) {
            requireReachable(all);
        }
        return all;
    }

    private static void deal(String what, List<Site> given, List<String> names, Plan plan, Map<String, Site> sites) {
        if (given.size() > names.size()) {
            throw new InputException(
                    what + ": places for " + given.size() + " agents, but the plan has " + names.size());
        }
        List<Site> places = given.isEmpty() ? List.of(new Site(null, null)) : new ArrayList<>(given);
        for (int i = 0; i < names.size(); i++) {
            Site place = places.get(i % places.size());
            sites.put(
                    names.get(i), place.interfaceName() != null ? place : new Site(place.host(), plan.interfaceName()));
        }
    }

    /** An agent on this machine would take loopback, where the others cannot reach it. */
    private static void requireReachable(Sites sites) {
        sites.byAgent().forEach((agent, site) -> {
            if (site.isHere() && site.interfaceName() == null) {
                throw new InputException(
                        "--interface: " + agent + " is on this machine, and needs the interface by which "
                                + "the other hosts reach it ('" + Site.HERE + ":IF', or --interface)");
            }
        });
    }

    /** The way to the hosts. */
    HostAccess access(Sites sites) {
        return sites.allHere() ? HostAccess.NONE : new SshAccess();
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

package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.launch.Site;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where each agent of a run is to be: a pure function of the run and of the places that are offered.
 *
 * @param byAgent by the agent's name
 */
record Sites(Map<String, Site> byAgent) {
    private static final Site HERE = new Site(null, null);

    /**
     * Deals named places to the agents, in turn where there are more agents.
     *
     * @param producers places for producers; none: this machine
     * @param consumers places for consumers; none: this machine, if all others are here
     * @throws InputException if they do not fit the plan
     */
    static Sites named(RunRequest request, List<Site> producers, List<Site> consumers) {
        requireRoom("--hosts", producers, request.producers());
        requireRoom("--consumer-hosts", consumers, request.consumers());
        if (!producers.stream().allMatch(Site::isHere)
                && consumers.isEmpty()
                && !request.consumers().isEmpty()) {
            throw new InputException("--consumer-hosts: where are the plan's consumers to be? Name their hosts ('"
                    + Site.HERE + ":IF' is this machine), or give --consumers 0 or external:HOST");
        }
        Sites sites = dealt(request, producers, consumers);
        if (!sites.allHere()) {
            sites.requireReachable();
        }
        return sites;
    }

    /** Deals nodes of an allocation: the last ones to consumers, the others to producers; if there are too few, each has both. */
    static Sites onNodes(RunRequest request, List<String> nodes) {
        List<Site> all = nodes.stream().map(node -> new Site(node, null)).toList();
        int consuming = Math.min(request.consumers().size(), all.size());
        int producing = consuming < all.size() ? all.size() - consuming : all.size();
        return dealt(request, all.subList(0, producing), all.subList(all.size() - consuming, all.size()));
    }

    private static void requireRoom(String what, List<Site> places, List<String> agents) {
        if (places.size() > agents.size()) {
            throw new InputException(
                    what + ": places for " + places.size() + " agents, but the plan has " + agents.size());
        }
    }

    private static Sites dealt(RunRequest request, List<Site> producers, List<Site> consumers) {
        Map<String, Site> sites = new LinkedHashMap<>();
        String otherwise = request.plan().interfaceName();
        deal(request.producers(), producers, otherwise, sites);
        deal(request.consumers(), consumers, otherwise, sites);
        return new Sites(sites);
    }

    private static void deal(List<String> agents, List<Site> places, String otherwise, Map<String, Site> into) {
        for (int i = 0; i < agents.size(); i++) {
            Site place = places.isEmpty() ? HERE : places.get(i % places.size());
            into.put(agents.get(i), place.interfaceName() != null ? place : new Site(place.host(), otherwise));
        }
    }

    /** An agent on this machine would take loopback, where the others cannot reach it. */
    private void requireReachable() {
        byAgent.forEach((agent, site) -> {
            if (site.isHere() && site.interfaceName() == null) {
                throw new InputException(
                        "--interface: " + agent + " is on this machine, and needs the interface by which"
                                + " the other hosts reach it ('" + Site.HERE + ":IF', or --interface)");
            }
        });
    }

    /** The other hosts, each once. */
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

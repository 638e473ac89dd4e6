package dev.freshet.deploy.command;

import dev.freshet.common.plan.Plan;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.doctor.check.Finding;
import dev.freshet.deploy.doctor.check.Level;
import dev.freshet.deploy.launch.Site;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks over a host before a run is begun, where the plan names what it must have: ports, and interfaces. */
final class Preflight {
    private final RunRequest request;
    private final Sites sites;
    private final HostDoctor doctor;

    Preflight(RunRequest request, Sites sites, HostDoctor doctor) {
        this.request = request;
        this.sites = sites;
        this.doctor = doctor;
    }

    /** @throws IOException if the host cannot do its part; the message says why */
    void check(String host) throws IOException, InterruptedException {
        List<Site> places = sites.byAgent().values().stream()
                .filter(site -> host.equals(site.host()))
                .filter(site -> site.interfaceName() != null || request.plan().dataPort() > 0)
                .distinct()
                .toList();
        List<String> failures = new ArrayList<>();
        for (Site place : places) {
            failures.addAll(failures(place));
        }
        if (!failures.isEmpty()) {
            throw new IOException(String.join("; ", failures));
        }
    }

    private List<String> failures(Site place) throws IOException, InterruptedException {
        String ports = ports(place);
        return doctor.examine(place, ports.isEmpty() ? List.of() : List.of("--ports", ports)).findings().stream()
                .filter(finding -> finding.level() == Level.FAILURE)
                .map(Finding::text)
                .toList();
    }

    /** All that the producers there are to bind, as {@code 6000-6001,6004-6005}. */
    private String ports(Site place) {
        Plan plan = request.plan();
        if (plan.dataPort() == 0) {
            return "";
        }
        return IntStream.range(0, request.producers().size())
                .filter(i ->
                        place.equals(sites.byAgent().get(request.producers().get(i))))
                .mapToObj(i ->
                        plan.dataPort(i) + "-" + (plan.dataPort(i) + plan.channels() - 1) + "," + plan.controlPort(i))
                .collect(Collectors.joining(","));
    }
}

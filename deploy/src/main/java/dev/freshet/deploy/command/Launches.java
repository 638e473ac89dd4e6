package dev.freshet.deploy.command;

import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.command.FleetOptions.Sites;
import dev.freshet.deploy.launch.AgentNeeds;
import dev.freshet.deploy.launch.LaunchedFleet.Launch;
import dev.freshet.deploy.launch.Launcher;
import dev.freshet.deploy.launch.Site;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Who starts which agent of a run, and how it is to be. */
final class Launches {
    private Launches() {}

    /**
     * @param launcherAt what starts agents at a place
     * @param keyOf the content of an agent's key file, by its name; null on a channel without keys
     */
    static List<Launch> of(
            RunRequest request, Sites sites, Function<Site, Launcher> launcherAt, Function<String, String> keyOf) {
        AgentNeeds producing =
                AgentNeeds.of(request.plan(), Role.PRODUCER, request.producers().size());
        AgentNeeds consuming =
                AgentNeeds.of(request.plan(), Role.CONSUMER, request.consumers().size());
        List<Launch> launches = new ArrayList<>();
        sites.byAgent().forEach((agent, site) -> {
            boolean producer = request.producers().contains(agent);
            launches.add(new Launch(
                    launcherAt.apply(site),
                    new Launcher.Request(
                            agent,
                            producer ? Role.PRODUCER : Role.CONSUMER,
                            site.interfaceName(),
                            keyOf.apply(agent),
                            producer ? producing : consuming)));
        });
        return launches;
    }
}

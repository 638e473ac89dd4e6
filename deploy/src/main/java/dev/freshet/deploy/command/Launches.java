package dev.freshet.deploy.command;

import dev.freshet.common.keys.EphemeralKeys;
import dev.freshet.coordinator.run.RunRequest;
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
     * @param keys makes each agent's key; null on a channel without keys
     */
    static List<Launch> of(RunRequest request, Sites sites, Function<Site, Launcher> launcherAt, EphemeralKeys keys) {
        List<Launch> launches = new ArrayList<>();
        request.roles().forEach((agent, role) -> {
            Site site = sites.byAgent().get(agent);
            launches.add(new Launch(
                    launcherAt.apply(site),
                    new Launcher.Request(
                            agent,
                            role,
                            site.interfaceName(),
                            keys == null ? null : keys.issue(agent).text(),
                            AgentNeeds.of(request.plan(), role, request.expectedHertz(agent)))));
        });
        return launches;
    }
}

package dev.freshet.coordinator;

import dev.freshet.common.time.EpochClock;
import dev.freshet.common.time.UtcTime;
import dev.freshet.coordinator.fleet.Fleet;
import dev.freshet.coordinator.fleet.FleetAgent;
import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.live.LiveFeed;
import dev.freshet.coordinator.run.RunMember;
import dev.freshet.coordinator.run.Runs;
import dev.freshet.coordinator.web.ControlAccess;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What there is to say of coordinator, run and fleet at a moment. On the coordinator's context. */
final class StatusBoard {
    private final String version;
    private final String endpoint;
    private final Fleet fleet;
    private final Runs runs;
    private final EpochClock clock;
    private final String started;
    private final LiveFeed feed;
    private ControlAccess control = ControlAccess.NONE;

    StatusBoard(String version, String endpoint, Fleet fleet, Runs runs, EpochClock clock) {
        this.version = version;
        this.endpoint = endpoint;
        this.fleet = fleet;
        this.runs = runs;
        this.clock = clock;
        this.started = now();
        this.feed = new LiveFeed(this::status, this::agents, this::now);
    }

    /** The feed that tells it. */
    LiveFeed feed() {
        return feed;
    }

    /** Who may control runs over HTTP; nobody until this is told. */
    void controlledBy(ControlAccess access) {
        control = access;
    }

    CoordinatorStatus status() {
        return new CoordinatorStatus(
                now(),
                new CoordinatorStatus.About(
                        version, started, endpoint, fleet.agents().size(), control.toString()),
                runs.status());
    }

    /**
     * Everyone in the fleet, and those that the run in progress, or else the last one, has lost. One that has come back is lost to the run that goes
     * on, but there for the next one.
     */
    List<AgentStatus> agents() {
        long now = clock.epochNanos();
        boolean goesOn = runs.currentId() != null;
        Map<String, AgentStatus> agents = new TreeMap<>();
        fleet.agents().forEach(agent -> agents.put(agent.name(), AgentStatus.idle(agent, now)));
        for (RunMember member : runs.members()) {
            String name = member.agent().name();
            FleetAgent present = fleet.named(name);
            if (member.lossReason() == null ? present == member.agent() : present == null || goesOn) {
                agents.put(name, AgentStatus.of(member, goesOn, feed.lastInterval(name), now));
            }
        }
        return List.copyOf(agents.values());
    }

    private String now() {
        return UtcTime.iso(Instant.EPOCH.plusNanos(clock.epochNanos()));
    }
}

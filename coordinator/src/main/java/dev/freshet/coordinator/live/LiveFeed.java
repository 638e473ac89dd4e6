package dev.freshet.coordinator.live;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.Heat;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunState;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The live feed: what the fleet and the run in progress, or else the last one, are doing. Rows and marks are a log that a newcomer reads from its
 * beginning; status and agents are snapshots. Readers pull, so a slow one holds up nobody and costs nothing. Owned by the coordinator's context.
 */
public final class LiveFeed implements RunListener {
    private final FeedLog log = new FeedLog();
    private final Snapshot status;
    private final Snapshot agents;
    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private final Map<String, AgentInterval> lastIntervals = new HashMap<>();
    private String run;

    private record Begun(String id, String name, Map<String, Object> plan) {}

    private record Row(String run, FleetInterval fleet, Heat heat) {}

    private record Mark(String run, String at, String kind, String agent, String text) {}

    private record Agents(
            String now, @JsonProperty("agents") List<AgentStatus> agents) {}

    /**
     * @param status what a {@code status} frame says now
     * @param agents what an {@code agents} frame says now
     * @param now the time, in ISO form
     */
    public LiveFeed(Supplier<CoordinatorStatus> status, Supplier<List<AgentStatus>> agents, Supplier<String> now) {
        this.status = new Snapshot("status", status);
        this.agents = new Snapshot("agents", () -> new Agents(now.get(), agents.get()));
    }

    /**
     * @param lastSeen the id of the last frame that the reader has, or null
     * @param somethingNew called when {@link Subscription#next} has something again; must not block
     */
    public Subscription subscribe(String lastSeen, Runnable somethingNew) {
        Subscription subscription = new Subscription(this, log.after(lastSeen), somethingNew);
        subscriptions.add(subscription);
        return subscription;
    }

    /** How many read it. */
    public int subscribers() {
        return subscriptions.size();
    }

    /** Time has gone by: the snapshots are made anew. */
    public void tick() {
        status.outdated();
        agents.outdated();
        tell();
    }

    @Override
    public void begun(String id, Plan plan) {
        run = id;
        lastIntervals.clear();
        log.begin(FeedJson.text(new Begun(id, plan.name(), PlanYaml.keys(plan))));
        tick();
    }

    @Override
    public void state(RunState state, String detail) {
        status.outdated();
        tell();
    }

    @Override
    public void row(LiveRow row) {
        row.agents().forEach(agent -> lastIntervals.put(agent.agent(), agent));
        log.row(FeedJson.text(new Row(run, row.fleet(), row.heat())));
        tick();
    }

    @Override
    public void event(EventLine event) {
        log.mark(FeedJson.text(new Mark(run, event.at(), event.kind(), event.agent(), event.text())));
        tell();
    }

    @Override
    public void merging(double share) {
        // told by the thread that writes; the next tick shows it
    }

    /** What an agent reported last in the run; null if nothing. */
    public AgentInterval lastInterval(String agent) {
        return lastIntervals.get(agent);
    }

    private void tell() {
        List.copyOf(subscriptions).forEach(Subscription::tell);
    }

    void remove(Subscription subscription) {
        subscriptions.remove(subscription);
    }

    FeedLog log() {
        return log;
    }

    Snapshot status() {
        return status;
    }

    Snapshot agents() {
        return agents;
    }
}

package dev.freshet.deploy.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanYaml;
import dev.freshet.common.units.Durations;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.run.RunListener;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A run that a coordinator elsewhere carries out for us, from asking for it to its end. */
public final class RemoteRun {
    private static final String RUNS = "/api/v1/runs";

    /** How long the coordinator may be out of reach; the run goes on there. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CoordinatorClient client;
    private final String id;
    private final RunFeed feed;

    /**
     * How it ended.
     *
     * @param summary {@code summary.json} as it is; null if the run left none
     */
    public record End(RunStatus status, String summary) {}

    private RemoteRun(CoordinatorClient client, String id, RunFeed feed) {
        this.client = client;
        this.id = id;
        this.feed = feed;
    }

    /**
     * Asks for a run.
     *
     * @param patience how long the coordinator may wait for agents
     * @param listener told what the coordinator tells of the run, on the thread that follows it
     * @param alive told that something came
     * @throws Refusal if it does not begin
     */
    public static RemoteRun begin(
            CoordinatorClient client, Plan plan, Duration patience, RunListener listener, Runnable alive)
            throws CoordinatorUnusable, Refusal, InterruptedException {
        JsonNode begun = post(client, plan, patience, "");
        String id = RunId.require(begun.path("run").path("id").asText());
        return new RemoteRun(client, id, new RunFeed(id, listener, alive));
    }

    /** What each agent would do. */
    public static Rehearsal rehearse(CoordinatorClient client, Plan plan, Duration patience)
            throws CoordinatorUnusable, Refusal, InterruptedException {
        return client.as(Rehearsal.class, post(client, plan, patience, "&dry_run=true"));
    }

    private static JsonNode post(CoordinatorClient client, Plan plan, Duration patience, String more)
            throws CoordinatorUnusable, Refusal, InterruptedException {
        return client.post(
                RUNS + "?patience=" + Durations.format(patience) + more,
                CoordinatorClient.YAML,
                PlanYaml.write(plan),
                patience);
    }

    /** The coordinator's name for it, which is that of its result directory. */
    public String id() {
        return id;
    }

    /** Asks for an orderly end that keeps the books; from any thread. What comes of it is told as a detail of the state. */
    public void stop(String reason) {
        try {
            new RunControls(client).stop(id, reason);
            feed.say("asked to stop, and its books are waited for; Ctrl-C again leaves it alone");
        } catch (CoordinatorUnusable | Refusal e) {
            feed.say("cannot be asked to stop (" + e.getMessage() + "); Ctrl-C again leaves it alone");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Follows it to its end.
     *
     * @throws CoordinatorUnusable if the coordinator is lost; the run may go on there
     */
    public End follow() throws CoordinatorUnusable, InterruptedException {
        try {
            new FeedReader(client, PATIENCE, feed::lost).read(feed);
            RunStatus status =
                    client.as(RunStatus.class, feed.end() != null ? feed.end() : client.get(RUNS + "/" + id));
            if (status.run() == null || status.run().outcome() == null) { // it was ended, and started again
                throw client.unusable("does not tell any more how run " + id + " ended, if it did", null);
            }
            return new End(status, status.verdict() == null ? null : summary());
        } catch (Refusal e) {
            throw new CoordinatorUnusable(
                    e.isNotFound()
                            ? "the coordinator at " + client.address() + " does not know run " + id + " any more"
                            : e.getMessage(),
                    e);
        }
    }

    private String summary() throws CoordinatorUnusable, Refusal, InterruptedException {
        try (InputStream file = client.open(RUNS + "/" + id + "/files/summary.json")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (Refusal e) {
            if (e.isNotFound()) {
                return null; // its disk did not take it
            }
            throw e;
        } catch (IOException e) {
            throw client.broken(e);
        }
    }
}

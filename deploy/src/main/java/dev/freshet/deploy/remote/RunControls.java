package dev.freshet.deploy.remote;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.InputException;
import dev.freshet.coordinator.results.RunStatus;

/** What can be done to a run that goes on. */
public final class RunControls {
    private final CoordinatorClient client;

    /**
     * A rate as it was changed.
     *
     * @param rateHertz messages a second of the whole fleet
     * @param fromSeconds since T0
     */
    public record Change(
            @JsonProperty("rate_hz") double rateHertz,
            @JsonProperty("from_s") double fromSeconds) {}

    public RunControls(CoordinatorClient client) {
        this.client = client;
    }

    /**
     * The id of the run in progress.
     *
     * @throws InputException if there is none
     */
    public String current() throws CoordinatorUnusable, Refusal, InterruptedException {
        RunStatus run = FleetPicture.take(client).status().run();
        if (run == null || run.run().outcome() != null) {
            throw new InputException("the coordinator at " + client.address() + " has no run in progress");
        }
        return run.run().id();
    }

    /** Asks for an orderly end that keeps the books. */
    public void stop(String run, String reason) throws CoordinatorUnusable, Refusal, InterruptedException {
        client.post(path(run) + "/stop", Answers.text("reason", reason));
    }

    /** @param rate as plans have it */
    public Change setRate(String run, String rate) throws CoordinatorUnusable, Refusal, InterruptedException {
        return client.as(Change.class, client.put(path(run) + "/rate", Answers.text("rate", rate)));
    }

    private static String path(String run) {
        return "/api/v1/runs/" + RunId.require(run);
    }
}

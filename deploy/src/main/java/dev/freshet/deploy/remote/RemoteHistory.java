package dev.freshet.deploy.remote;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.coordinator.history.Comparison;
import dev.freshet.coordinator.history.RunEntry;
import java.util.ArrayList;
import java.util.List;

/** The runs of a coordinator, those that are over and the one in progress. */
public final class RemoteHistory {
    private static final int PAGE = 100;

    private final CoordinatorClient client;

    public RemoteHistory(CoordinatorClient client) {
        this.client = client;
    }

    /** The newest ones first, at most {@code limit}. */
    public List<RunEntry> list(int limit) throws CoordinatorUnusable, Refusal, InterruptedException {
        List<RunEntry> runs = new ArrayList<>();
        String before = null;
        do {
            JsonNode page = client.get("/api/v1/runs?limit=" + Math.min(PAGE, limit - runs.size())
                    + (before == null ? "" : "&before=" + before));
            for (JsonNode run : page.path("runs")) {
                runs.add(client.as(RunEntry.class, run));
            }
            before = page.hasNonNull("next") ? RunId.require(page.path("next").asText()) : null;
        } while (before != null && runs.size() < limit);
        return runs;
    }

    /** Two runs side by side. */
    public Comparison compare(String a, String b) throws CoordinatorUnusable, Refusal, InterruptedException {
        return client.get("/api/v1/compare?a=" + RunId.require(a) + "&b=" + RunId.require(b), Comparison.class);
    }
}

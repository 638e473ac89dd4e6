package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.history.RunEntry;
import dev.freshet.coordinator.live.FeedJson;
import dev.freshet.deploy.remote.CoordinatorClient;
import dev.freshet.deploy.remote.RemoteHistory;
import dev.freshet.deploy.terminal.RunsTable;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The runs of a running coordinator. */
@Command(
        name = "runs",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "Lists the runs of a running coordinator, the newest first; p50 and p99 are of the response time.",
        footer = {
            "",
            "Examples:",
            "  freshet runs",
            "  freshet runs --coordinator http://daq1:8080 --limit 100",
            "  freshet runs --json | jq -r '.runs[] | select(.lost > 0) | .id'"
        })
public final class RunsCommand implements Callable<Integer> {
    @Option(
            names = "--limit",
            order = 1,
            paramLabel = "N",
            defaultValue = "20",
            description = "How many at most (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Option(names = "--json", order = 2, description = "Prints JSON instead of a table.")
    private boolean json;

    @Mixin
    private CoordinatorOptions coordinator;

    @Override
    public Integer call() throws Exception {
        if (limit < 1) {
            throw new InputException("--limit: '" + limit + "' must be at least 1");
        }
        CoordinatorClient client = coordinator.client();
        List<RunEntry> runs = new RemoteHistory(client).list(limit);
        if (json) {
            System.out.println(FeedJson.text(Map.of("runs", runs)));
        } else if (runs.isEmpty()) {
            System.out.println("the coordinator at " + client.address() + " has no runs yet");
        } else {
            System.out.print(RunsTable.of(runs));
        }
        return ExitCode.DONE;
    }
}

package dev.freshet.deploy.command;

import dev.freshet.common.plan.Plan;
import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.SummaryJson;
import dev.freshet.coordinator.results.TextReport;
import dev.freshet.deploy.remote.CoordinatorClient;
import dev.freshet.deploy.remote.CoordinatorUnusable;
import dev.freshet.deploy.remote.Refusal;
import dev.freshet.deploy.remote.RemoteRun;
import dev.freshet.deploy.remote.ResultDownload;
import dev.freshet.deploy.terminal.ProgressView;
import dev.freshet.deploy.terminal.ShardTable;
import dev.freshet.deploy.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** What {@link WatchedRun} is for a coordinator of this process, for one that runs elsewhere: the same is shown, printed and returned. */
final class WatchedRemoteRun {
    private final CoordinatorClient client;

    WatchedRemoteRun(CoordinatorClient client) {
        this.client = client;
    }

    int rehearse(Plan plan, Duration patience) throws Exception {
        try {
            System.out.print(ShardTable.of(plan, RemoteRun.rehearse(client, plan, patience)));
            return ExitCode.DONE;
        } catch (Refusal e) {
            return refused(e);
        }
    }

    /**
     * @param out where the result files are to be brought to; null leaves them at the coordinator
     * @param json whether to print {@code summary.json} instead of the report
     * @return the exit code
     */
    int carryOut(Plan plan, Duration patience, Path out, boolean json) throws Exception {
        if (out != null) {
            ResultDownload.requireWritable(out);
        }
        try (Interruption interruption = new Interruption()) {
            interruption.stopsBy(client::cancel);
            RemoteRun run;
            RemoteRun.End end;
            try (ProgressView view = ProgressView.of(Terminal.ofProcess(), plan)) {
                run = RemoteRun.begin(client, plan, patience, view, interruption::progress);
                interruption.leavesAtSecond(
                        "freshet: left run " + run.id() + " alone; it comes to its end at " + client.address());
                interruption.stopsBy(() -> run.stop("interrupted"));
                end = run.follow();
            }
            return finish(run.id(), end, out, json);
        } catch (CancellationException e) {
            return ExitCode.INTERRUPTED;
        } catch (Refusal e) {
            return refused(e);
        }
    }

    /** The same codes as if it were our own fleet. */
    private static int refused(Refusal refusal) throws Refusal {
        if (!refusal.is(Refusal.AGENTS_MISSING)) {
            throw refusal;
        }
        System.err.println("freshet: " + refusal.getMessage());
        return ExitCode.AGENTS_LOST;
    }

    private int finish(String run, RemoteRun.End end, Path out, boolean json) throws Exception {
        RunStatus status = end.status();
        if (status.verdict() == null) {
            System.err.println("freshet: "
                    + (status.run().reason() == null
                            ? "the run ended before it began to send"
                            : status.run().reason()));
        } else if (end.summary() == null) {
            System.err.println("freshet: the coordinator could not write the summary of " + run);
            return WatchedRun.exitCode(worse(status.run().outcome(), Outcome.INVALID));
        } else if (out == null) {
            print(run, end.summary(), json);
        } else {
            bring(run, end.summary(), out, json);
        }
        return WatchedRun.exitCode(status.run().outcome());
    }

    private void bring(String run, String summary, Path out, boolean json)
            throws IOException, CoordinatorUnusable, Refusal, InterruptedException {
        Path directory = null;
        try {
            directory = new ResultDownload(client, line -> System.err.println("freshet: " + line)).fetch(run, out);
            WatchedRun.print(directory, json);
        } finally {
            if (directory == null) {
                print(run, summary, json); // what came of the run matters more than what came of its files
            }
        }
    }

    private void print(String run, String summary, boolean json) {
        String files = client.address() + "/api/v1/runs/" + run + "/files";
        System.out.print(
                json
                        ? summary + "\n"
                        : TextReport.of(SummaryJson.parse(files, summary), files, Terminal.colorOnStdout()));
        System.out.flush();
    }

    private static Outcome worse(Outcome one, Outcome other) {
        return one.compareTo(other) > 0 ? one : other;
    }
}

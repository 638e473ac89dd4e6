package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.ResultFiles;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.RunResult;
import dev.freshet.coordinator.run.RunState;
import dev.freshet.deploy.terminal.ProgressView;
import dev.freshet.deploy.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** A run that a person watches and may interrupt: from the request to what is printed and returned. */
final class WatchedRun {
    private WatchedRun() {}

    /**
     * @param listener told everything, the view included
     * @param json whether to print {@code summary.json} instead of the report
     * @return the exit code
     */
    static int carryOut(
            Coordinator coordinator,
            RunRequest request,
            ProgressView view,
            RunListener listener,
            boolean json,
            Interruption interruption)
            throws Exception {
        RunResult result = await(coordinator, request, listener, interruption);
        view.close();
        print(result, json);
        return exitCode(result.outcome());
    }

    /** Carries it out, and prints nothing. */
    static RunResult await(Coordinator coordinator, RunRequest request, RunListener listener, Interruption interruption)
            throws Exception {
        try {
            CompletableFuture<RunResult> run = coordinator.run(request, watched(listener, interruption));
            interruption.stopsBy(() ->
                    coordinator.stopRun("interrupted")); // after the run was asked for, or there is nothing to stop
            return run.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InputException input) {
                throw input;
            }
            throw e;
        }
    }

    private static RunListener watched(RunListener listener, Interruption interruption) {
        return new RunListener() {
            @Override
            public void state(RunState state, String detail) {
                interruption.progress();
                listener.state(state, detail);
            }

            @Override
            public void row(LiveRow row) {
                interruption.progress();
                listener.row(row);
            }

            @Override
            public void event(EventLine event) {
                interruption.progress();
                listener.event(event);
            }

            @Override
            public void merging(double share) {
                interruption.progress();
                listener.merging(share);
            }
        };
    }

    private static void print(RunResult result, boolean json) throws IOException {
        Path summary = result.directory() == null ? null : result.directory().resolve("summary.json");
        if (summary == null) {
            result.reasons().forEach(reason -> System.err.println("freshet: " + reason));
        } else if (Files.exists(summary)) {
            print(result.directory(), json);
        } else {
            System.out.print(result.report()); // the disk did not take the summary
        }
        System.out.flush();
    }

    /** Prints what is in a result directory. */
    static void print(Path directory, boolean json) throws IOException {
        System.out.print(
                json
                        ? Files.readString(directory.resolve("summary.json")) + "\n"
                        : ResultFiles.report(directory, Terminal.colorOnStdout()));
        System.out.flush();
    }

    static int exitCode(Outcome outcome) {
        return switch (outcome) {
            case STOPPED -> ExitCode.INTERRUPTED;
            case AGENTS_LOST -> ExitCode.AGENTS_LOST;
            case INVALID -> ExitCode.INVALID;
            case GATE_FAILED -> ExitCode.GATE_FAILED;
            case DONE -> ExitCode.DONE;
        };
    }
}

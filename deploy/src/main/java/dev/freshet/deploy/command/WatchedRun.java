package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.RunResult;
import dev.freshet.deploy.terminal.ProgressView;
import java.io.IOException;
import java.nio.file.Files;
import java.util.concurrent.ExecutionException;

/** A run that a person watches and may interrupt: from the request to what is printed and returned. */
final class WatchedRun {
    /** Drain, collecting and merging of an interrupted run, and then some. */
    private static final long STOP_SECONDS = 60;

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
        interruption.stopsBy(() -> coordinator.stopRun("interrupted"));
        try {
            RunResult result = coordinator.run(request, listener).get();
            view.close();
            print(result, json);
            return exitCode(result);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InputException input) {
                throw input;
            }
            throw e;
        }
    }

    private static void print(RunResult result, boolean json) throws IOException {
        if (result.directory() == null) {
            result.reasons().forEach(reason -> System.err.println("freshet: " + reason));
        } else if (json) {
            System.out.println(Files.readString(result.directory().resolve("summary.json")));
        } else {
            System.out.print(result.report());
        }
        System.out.flush();
    }

    private static int exitCode(RunResult result) {
        return switch (result.outcome()) {
            case STOPPED -> ExitCode.INTERRUPTED;
            case AGENTS_LOST -> ExitCode.AGENTS_LOST;
            case INVALID -> ExitCode.INVALID;
            case GATE_FAILED -> ExitCode.GATE_FAILED;
            case DONE -> ExitCode.DONE;
        };
    }
}

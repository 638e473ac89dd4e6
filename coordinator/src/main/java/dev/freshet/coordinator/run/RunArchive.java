package dev.freshet.coordinator.run;

import dev.freshet.common.HostName;
import dev.freshet.common.control.ToAgent.Collect;
import dev.freshet.common.control.ToCoordinator.Chunk;
import dev.freshet.common.control.ToCoordinator.SpooledFile;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.books.RunAccount;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.AgentFacts;
import dev.freshet.coordinator.results.ControlSecurity;
import dev.freshet.coordinator.results.Environment;
import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.ResultFiles;
import dev.freshet.coordinator.results.RunFacts;
import dev.freshet.coordinator.results.Summaries;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.SummaryJson;
import dev.freshet.coordinator.results.TextReport;
import dev.freshet.coordinator.results.merge.MergeResult;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.results.recording.RunRecorder;
import dev.freshet.coordinator.results.report.ReportHtml;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything of one run that touches the disk. Called on the coordinator's context; the work is done on a thread of its own ("results-…"), in
 * the order of the calls.
 */
final class RunArchive {
    private static final Logger LOG = LoggerFactory.getLogger(RunArchive.class);
    private static final long STALL_CHECK_MILLIS = 1_000;

    private final Vertx vertx;
    private final RunRequest request;
    private final String version;
    private final ControlSecurity security;
    private final WorkerExecutor worker;
    private final ResultDirectory directory;
    private final RunRecorder recorder;
    private final Instant started = Instant.now();
    private final Map<String, FileCollector> collectors = new HashMap<>(); // the worker's
    private Long t0Micros;
    private Instant stopped;

    /** @throws dev.freshet.common.InputException if the result directory cannot be made */
    RunArchive(Vertx vertx, RunRequest request, String version, ControlSecurity security) {
        this.vertx = vertx;
        this.request = request;
        this.version = version;
        this.security = security;
        this.directory = ResultDirectory.create(request.resultsDirectory(), started, request.plan());
        this.recorder = new RunRecorder(directory.path());
        this.worker = vertx.createSharedWorkerExecutor("results-" + runId(), 1, 24, TimeUnit.HOURS);
    }

    /** The name of the result directory is the run's id. */
    String runId() {
        return directory.path().getFileName().toString();
    }

    Instant startedAt() {
        return started;
    }

    private Future<Void> onWorker(Runnable task) {
        return worker.<Void>executeBlocking(
                        () -> {
                            task.run();
                            return null;
                        },
                        true)
                .onFailure(error -> LOG.error("run {} could not be written down", runId(), error));
    }

    void event(EventLine line) {
        onWorker(() -> recorder.event(line));
    }

    void started(long commonStartMicros) {
        t0Micros = commonStartMicros;
        onWorker(() -> recorder.start(commonStartMicros));
    }

    void row(IntervalRow row, LiveRow figures) {
        onWorker(() -> recorder.row(row, figures));
    }

    /** Fetches an agent's files; completes with null, or with what is missing and why. */
    Future<String> collect(String agent, List<SpooledFile> files, Consumer<Collect> send) {
        Promise<String> done = Promise.promise();
        Context context = vertx.getOrCreateContext();
        Consumer<String> over = problem -> context.runOnContext(told -> done.complete(problem));
        onWorker(() -> {
            FileCollector collector = new FileCollector(runId(), agent, directory, files, send, over, System::nanoTime);
            collectors.put(agent, collector);
            collector.start();
        });
        long watch = vertx.setPeriodic(
                STALL_CHECK_MILLIS, tick -> onWorker(() -> collectors.get(agent).watch()));
        return done.future().onComplete(ended -> vertx.cancelTimer(watch));
    }

    void chunk(String agent, Chunk chunk, byte[] bytes) {
        onWorker(() -> {
            FileCollector collector = collectors.get(agent);
            if (collector != null) {
                collector.chunk(chunk, bytes);
            }
        });
    }

    /** Waits no longer for the files of an agent that is lost. */
    void abandonFiles(String agent, String reason) {
        onWorker(() -> {
            FileCollector collector = collectors.get(agent);
            if (collector != null) {
                collector.abandon(reason);
            }
        });
    }

    /**
     * Merges what the agents delivered, and writes the summary. What the disk does not take becomes a shortcoming of the verdict; the report is
     * made in any case.
     */
    Future<RunResult> merge(
            RunAccount account,
            RateSteps rates,
            List<AgentFacts> agents,
            RunSnapshot end,
            List<String> filesMissing,
            DoubleConsumer progress) {
        List<String> shortcomings = new ArrayList<>(filesMissing);
        return worker.executeBlocking(
                () -> {
                    recorder.totals(account.measured());
                    Instant ended = Instant.now();
                    MergeResult measurements = mergeFiles(agents, shortcomings, progress);
                    shortcomings.addAll(recorder.failures());
                    Summary summary = Summaries.of(new RunFacts(
                            runId(),
                            request.plan(),
                            rates,
                            ending(end),
                            started,
                            t0Micros,
                            ended,
                            agents,
                            account,
                            shortcomings,
                            measurements,
                            Environment.here(version, HostName.ofThisMachine(), security)));
                    Outcome outcome = summary.run().outcome();
                    String report = TextReport.of(summary, directory.path().toString(), false);
                    try {
                        SummaryJson.write(directory, summary);
                    } catch (IOException e) {
                        LOG.error("summary.json cannot be written: {}", e.getMessage());
                        report += "\nsummary.json cannot be written: " + e.getMessage() + "\n";
                        outcome = outcome.compareTo(Outcome.INVALID) > 0 ? outcome : Outcome.INVALID;
                    }
                    report += writeHtml();
                    return new RunResult(outcome, directory.path(), summary, report, end.reasons());
                },
                true);
    }

    /** Writes report.html. What it shows is in the other files, so that one which cannot be written harms no result: it is told behind the report. */
    private String writeHtml() {
        try {
            ReportHtml.write(directory);
            return "";
        } catch (IOException | RuntimeException e) {
            LOG.error("{} of run {} cannot be written", ReportHtml.FILE, runId(), e);
            return "\n" + ReportHtml.FILE + " cannot be written: " + e.getMessage() + "\n";
        }
    }

    private MergeResult mergeFiles(List<AgentFacts> agents, List<String> shortcomings, DoubleConsumer progress) {
        try {
            return ResultFiles.merge(
                            directory,
                            agents.stream().collect(Collectors.toMap(AgentFacts::name, AgentFacts::clockOffsetMicros)),
                            (done, of) -> progress.accept(of == 0 ? 1 : (double) done / of))
                    .measurements();
        } catch (IOException e) {
            shortcomings.add("The agents' files cannot be merged: " + e.getMessage()
                    + " ('freshet merge' does it again when there is room).");
            return null;
        }
    }

    private RunFacts.Ending ending(RunSnapshot end) {
        if (!end.stopped()) {
            return RunFacts.Ending.done(end.anyLost());
        }
        long afterT0Nanos = Duration.between(
                        Instant.EPOCH.plusNanos(t0Micros * 1000), stopped == null ? Instant.now() : stopped)
                .toNanos();
        return RunFacts.Ending.stopped(afterT0Nanos, String.join("; ", end.reasons()), end.anyLost());
    }

    /** Remembers when the run was cut short: at the first word of it, as nothing is sent any more when it is said again. */
    void stopped() {
        if (stopped == null) {
            stopped = Instant.now();
        }
    }

    /** Removes the directory of a run that ended before T0. */
    void discard() {
        onWorker(() -> {
            recorder.close();
            try (Stream<Path> all = Files.walk(directory.path())) {
                all.sorted(Comparator.reverseOrder())
                        .forEach(path -> path.toFile().delete());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Ends the thread, after what it still has to do. */
    void close() {
        onWorker(recorder::close).onComplete(idle -> worker.close());
    }
}

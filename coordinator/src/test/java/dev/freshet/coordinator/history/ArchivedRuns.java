package dev.freshet.coordinator.history;

import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.SimulatedRun;
import dev.freshet.coordinator.results.Summaries;
import dev.freshet.coordinator.results.Summary;
import dev.freshet.coordinator.results.SummaryJson;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.results.recording.RunRecorder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

/** A results directory to fill with runs. */
public final class ArchivedRuns {
    /** Of the first run; each further one comes a minute later. */
    private static final Instant FIRST = Instant.parse("2026-11-23T17:01:02Z");

    private final Path results;
    private int runs;

    public ArchivedRuns(Path results) {
        this.results = results;
    }

    /** A run with plan, intervals and what its agents delivered, and no summary. */
    public ResultDirectory unfinished(String... gates) throws IOException {
        SimulatedRun run = new SimulatedRun(gates);
        ResultDirectory directory = ResultDirectory.create(results, FIRST.plusSeconds(60L * runs++), run.plan);
        run.play();
        run.deliver(directory);
        try (RunRecorder recorder = new RunRecorder(directory.path())) {
            recorder.event(EventLine.at(FIRST, "t0", null, "all start at " + FIRST));
            recorder.start(SimulatedRun.T0_MICROS);
            run.rows.forEach(row -> {
                LiveRow live = run.live(row);
                recorder.row(row, live);
            });
        }
        return directory;
    }

    /** A run that is over. */
    public ResultDirectory over(String... gates) throws IOException {
        ResultDirectory directory = unfinished(gates);
        SummaryJson.write(directory, summary(gates));
        return directory;
    }

    private static Summary summary(String... gates) {
        return Summaries.of(new SimulatedRun(gates).play().facts());
    }

    public static String id(ResultDirectory directory) {
        return directory.path().getFileName().toString();
    }

    /** Changes a file as a person with an editor would. */
    public static void edit(ResultDirectory directory, String file, String from, String to) throws IOException {
        Path path = directory.path().resolve(file);
        String text = Files.readString(path);
        if (!text.contains(from)) {
            throw new IllegalArgumentException(file + " has no " + from);
        }
        Files.writeString(path, text.replace(from, to));
    }
}

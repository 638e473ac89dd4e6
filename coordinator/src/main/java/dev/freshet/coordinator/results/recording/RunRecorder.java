package dev.freshet.coordinator.results.recording;

import dev.freshet.common.measure.Book;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.LiveRow;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes {@code events.jsonl} from the beginning, and {@code intervals.csv}, {@code agent-intervals.csv}, {@code histograms.hlog} and the {@code .hgrm} tables from T0 on. A
 * file that cannot be written any more (a full disk) is given up, and the run goes on: {@link #failures} says which, for the verdict.
 *
 * <p>Not thread-safe: owned by one thread.
 */
public final class RunRecorder implements Closeable {
    private static final String EVENTS = "events.jsonl";
    private static final String INTERVALS = "intervals.csv";
    private static final String AGENT_INTERVALS = "agent-intervals.csv";
    private static final String HISTOGRAMS = "histograms.hlog";

    private final Path directory;
    private final Map<String, String> failures = new LinkedHashMap<>();
    private EventLog events;
    private IntervalsCsv<FleetInterval> intervals;
    private IntervalsCsv<AgentInterval> agentIntervals;
    private HistogramLog histograms;

    private interface Writing {
        void write() throws IOException;
    }

    /** @param directory of the results; it exists */
    public RunRecorder(Path directory) {
        this.directory = directory;
        writing(EVENTS, () -> events = new EventLog(directory.resolve(EVENTS)));
    }

    /** Writes down what happened. */
    public void event(EventLine line) {
        writing(EVENTS, () -> events.add(line));
    }

    /**
     * Opens what begins with the run.
     *
     * @param t0Micros microseconds since the epoch on the coordinator's clock
     */
    public void start(long t0Micros) {
        writing(INTERVALS, () -> intervals = new IntervalsCsv<>(directory.resolve(INTERVALS), FleetInterval.class));
        writing(
                AGENT_INTERVALS,
                () -> agentIntervals = new IntervalsCsv<>(directory.resolve(AGENT_INTERVALS), AgentInterval.class));
        writing(HISTOGRAMS, () -> histograms = new HistogramLog(directory.resolve(HISTOGRAMS), t0Micros));
    }

    /**
     * Adds a row of {@link dev.freshet.coordinator.books.RunBooks}.
     *
     * @param figures the same row as it is told
     */
    public void row(IntervalRow row, LiveRow figures) {
        writing(INTERVALS, () -> intervals.add(List.of(figures.fleet())));
        writing(AGENT_INTERVALS, () -> agentIntervals.add(figures.agents()));
        writing(HISTOGRAMS, () -> histograms.add(row));
    }

    /** Adds the sums of the measured phase, after the last row. */
    public void totals(Book measured) {
        writing(HISTOGRAMS, () -> histograms.totals(measured));
        writing("*.hgrm", () -> PercentileTables.write(directory, measured));
    }

    /** What could not be recorded, in words; empty if all is well. */
    public List<String> failures() {
        return List.copyOf(failures.values());
    }

    private void writing(String file, Writing writing) {
        if (failures.containsKey(file)) {
            return;
        }
        try {
            writing.write();
        } catch (IOException e) {
            failures.put(file, "recording of " + file + " stopped: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        close(EVENTS, events);
        close(INTERVALS, intervals);
        close(AGENT_INTERVALS, agentIntervals);
        close(HISTOGRAMS, histograms);
    }

    private void close(String file, Closeable open) {
        if (open != null) {
            writing(file, open::close);
        }
    }
}

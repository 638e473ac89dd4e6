package dev.freshet.coordinator.results.report;

import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.common.plan.Phase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogScanner;
import org.HdrHistogram.HistogramLogScanner.EncodableHistogramSupplier;

/**
 * Reads {@code histograms.hlog} and adds up, over the agents, what belongs to each row. The log is by ascending interval, so that what is held is
 * one histogram for each metric and phase; histograms that no row asks for are not even decoded.
 */
final class RowHistograms implements HistogramLogScanner.EventHandler {
    private static final String TOTALS = "total";
    private static final String NEGATIVE = "negative";

    private final Rows rows;
    private final Map<Phase, Row> open = new EnumMap<>(Phase.class);
    private Row last;
    private String problem;

    /** The rows that are asked for. */
    interface Rows {
        /** The row that an interval belongs to, or -1 if it belongs to none. */
        int rowOf(int interval, Phase phase);

        /** What is wanted of a row. */
        Set<Metric> metrics(int row);

        /** Takes what a row comes to, by metric; the histograms are used again. A row with nothing timed has none. */
        void add(int row, Map<Metric, SignedHistogram> timed);
    }

    private static final class Row {
        private int number = -1;
        private final Map<Metric, SignedHistogram> timed = new EnumMap<>(Metric.class);
    }

    private RowHistograms(Rows rows) {
        this.rows = rows;
        for (Phase phase : Phase.values()) {
            open.put(phase, new Row());
        }
    }

    /**
     * Reads the whole log.
     *
     * @return where it cannot be read any further, in words; null if it was read to its end
     * @throws IOException if there is none
     */
    static String read(Path log, Rows rows) throws IOException {
        RowHistograms reading = new RowHistograms(rows);
        HistogramLogScanner scanner = new HistogramLogScanner(log.toFile());
        try {
            scanner.process(reading);
        } catch (NoSuchElementException e) { // thrown by the scanner beside onException
            reading.problem = "it ends within a line";
        } finally {
            scanner.close();
        }
        reading.open.values().stream()
                .filter(row -> reading.problem == null
                        || row != reading.last) // an agent's part of the last one may be missing
                .forEach(reading::close);
        return reading.problem;
    }

    @Override
    public boolean onHistogram(String tag, double timestamp, double length, EncodableHistogramSupplier lazyReader) {
        String[] parts = tag.split("/");
        if (parts[0].equals(TOTALS) || parts.length < 2) {
            return false;
        }
        Phase phase = parts[parts.length - 1].equals(Phase.WARMUP.toString()) ? Phase.WARMUP : Phase.MEASURED;
        Metric metric = Metric.named(parts[1]);
        int number = rows.rowOf((int) Math.round(timestamp), phase);
        if (number < 0 || !rows.metrics(number).contains(metric)) {
            return false;
        }
        Row row = open.get(phase);
        last = row;
        if (row.number != number) {
            close(row);
            row.number = number;
        }
        try {
            row.timed
                    .computeIfAbsent(metric, first -> new SignedHistogram())
                    .add((Histogram) lazyReader.read(), parts.length > 2 && parts[2].equals(NEGATIVE));
        } catch (DataFormatException e) {
            return onException(e);
        }
        return false;
    }

    private void close(Row row) {
        if (row.number >= 0) {
            row.timed.values().removeIf(timed -> timed.count() == 0);
            rows.add(row.number, row.timed);
            row.timed.values().forEach(SignedHistogram::clear);
        }
    }

    @Override
    public boolean onComment(String comment) {
        return false;
    }

    @Override
    public boolean onBaseTime(double secondsSinceEpoch) {
        return false;
    }

    @Override
    public boolean onStartTime(double secondsSinceEpoch) {
        return false;
    }

    /** Ends the reading: what comes behind a broken line is not known to be whole. */
    @Override
    public boolean onException(Throwable error) {
        problem = String.valueOf(error.getMessage()).lines().findFirst().orElse("");
        return true;
    }
}

package dev.freshet.coordinator.results.report;

import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.common.plan.Phase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/**
 * Reads {@code histograms.hlog} and adds up, over the agents, what belongs to each row. The log is by ascending interval, so that what is held is
 * one histogram for each metric and phase; histograms that no row asks for are not even decoded. HdrHistogram's own scanner of logs is not used:
 * it takes thirty times as long for the lines that are passed over, and of those an hour's log has a million.
 */
final class RowHistograms {
    /** How a line with a tag begins; behind it are start, length, maximum and the histogram itself. */
    private static final String TAG = "Tag=";

    private static final int FIELDS = 5;
    private static final String TOTALS = "total";
    private static final String NEGATIVE = "negative";

    private final Rows rows;
    private final Map<Phase, Row> open = new EnumMap<>(Phase.class);
    private Row last;

    /** The rows that are asked for. */
    interface Rows {
        /** The row that an interval belongs to, or -1 if it belongs to none. */
        int rowOf(int interval, Phase phase);

        /** What is wanted of a row. */
        Set<Metric> metrics(int row);

        /** Takes what a row comes to, by metric; the histograms are used again. What was not timed is not there. */
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
     * Reads the log.
     *
     * @return whether it could be read to its end; what a broken line belongs to is not told, nor is what comes behind it
     * @throws IOException if there is none
     */
    static boolean read(Path log, Rows rows) throws IOException {
        RowHistograms reading = new RowHistograms(rows);
        boolean whole = true;
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            for (String line = lines.readLine(); whole && line != null; line = lines.readLine()) {
                whole = !line.startsWith(TAG) || reading.take(line);
            }
        }
        for (Row row : reading.open.values()) {
            if (whole || row != reading.last) {
                reading.close(row);
            }
        }
        return whole;
    }

    /** False if the line is broken. */
    private boolean take(String line) {
        String[] fields = line.split(",", FIELDS);
        String[] tag = fields[0].substring(TAG.length()).split("/");
        if (tag[0].equals(TOTALS)) {
            return true;
        }
        if (fields.length < FIELDS || tag.length < 2) {
            return false;
        }
        Phase phase = tag[tag.length - 1].equals(Phase.WARMUP.toString()) ? Phase.WARMUP : Phase.MEASURED;
        int number = rows.rowOf((int) Math.round(Double.parseDouble(fields[1])), phase);
        Metric metric = Metric.named(tag[1]);
        if (number < 0 || !rows.metrics(number).contains(metric)) {
            return true;
        }
        Row row = open(number, phase);
        Histogram part = decoded(fields[FIELDS - 1]);
        if (part != null) {
            row.timed
                    .computeIfAbsent(metric, first -> new SignedHistogram())
                    .add(part, tag.length > 2 && tag[2].equals(NEGATIVE));
        }
        return part != null;
    }

    private Row open(int number, Phase phase) {
        last = open.get(phase);
        if (last.number != number) {
            close(last);
            last.number = number;
        }
        return last;
    }

    /** Null if it is not a whole one. */
    private static Histogram decoded(String base64) {
        try {
            byte[] compressed = Base64.getDecoder().decode(base64);
            return Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(compressed), 0);
        } catch (DataFormatException | RuntimeException e) { // the decoder runs beyond the end of half a histogram
            return null;
        }
    }

    private void close(Row row) {
        if (row.number >= 0) {
            row.timed.values().removeIf(timed -> timed.count() == 0);
            rows.add(row.number, row.timed);
            row.timed.values().forEach(SignedHistogram::clear);
        }
    }
}

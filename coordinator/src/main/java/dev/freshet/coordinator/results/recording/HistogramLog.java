package dev.freshet.coordinator.results.recording;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.common.plan.Phase;
import dev.freshet.coordinator.books.IntervalRow;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * {@code histograms.hlog}, in HdrHistogram's own log format, version 1.3: one line for each interval, agent and metric, values in microseconds,
 * times in seconds after T0. Tags are {@code <agent>/<metric>}, of the totals {@code total/<metric>}; {@code /negative} behind it marks
 * magnitudes of values below zero, {@code /warmup} answers of the warm-up.
 */
final class HistogramLog implements Closeable {
    /** The log's column of interval maxima is for people; it is in milliseconds. */
    private static final double MICROS_PER_MILLISECOND = 1000.0;

    private final PrintStream stream;
    private final HistogramLogWriter log;
    private int intervals;

    HistogramLog(Path path, long t0Micros) throws IOException {
        stream = new PrintStream(
                new BufferedOutputStream(Files.newOutputStream(path)), false, StandardCharsets.US_ASCII);
        log = new HistogramLogWriter(stream);
        log.outputComment("[Written by Freshet; values in microseconds, times in seconds after T0]");
        log.outputLogFormatVersion();
        log.outputBaseTime(t0Micros / 1000);
        log.outputStartTime(t0Micros / 1000);
        log.outputLegend();
        check();
    }

    void add(IntervalRow row) throws IOException {
        String suffix = row.phase() == Phase.WARMUP ? "/warmup" : "";
        row.agents().forEach((agent, book) -> book(agent, suffix, row.interval(), row.interval() + 1, book));
        intervals = Math.max(intervals, row.interval() + 1);
        stream.flush();
        check();
    }

    /** Writes the sum of the measured phase; the last thing to be written. */
    void totals(Book measured) throws IOException {
        book("total", "", 0, intervals, measured);
        stream.flush();
        check();
    }

    private void book(String of, String suffix, int fromSecond, int toSecond, Book book) {
        for (Metric metric : Metric.values()) {
            if (book.has(metric)) {
                SignedHistogram timed = book.histogram(metric);
                part(of + "/" + metric + suffix, fromSecond, toSecond, timed.positive());
                part(of + "/" + metric + "/negative" + suffix, fromSecond, toSecond, timed.negative());
            }
        }
    }

    private void part(String tag, int fromSecond, int toSecond, Histogram part) {
        if (part != null && part.getTotalCount() > 0) {
            part.setTag(tag);
            log.outputIntervalHistogram(fromSecond, toSecond, part, MICROS_PER_MILLISECOND);
            part.setTag(null);
        }
    }

    /** A PrintStream keeps its errors to itself until it is asked. */
    private void check() throws IOException {
        if (stream.checkError()) {
            throw new IOException("the histogram log cannot be written");
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
        check();
    }
}

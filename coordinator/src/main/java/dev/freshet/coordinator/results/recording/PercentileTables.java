package dev.freshet.coordinator.results.recording;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Metric;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/**
 * {@code <metric>.hgrm}: HdrHistogram's percentile tables of the measured phase, in microseconds. Magnitudes of values below zero have a table
 * of their own, {@code <metric>-negative.hgrm}.
 */
final class PercentileTables {
    private static final int STEPS_PER_HALF = 5;

    private PercentileTables() {}

    static void write(Path directory, Book measured) throws IOException {
        for (Metric metric : Metric.values()) {
            if (measured.has(metric)) {
                table(
                        directory.resolve(metric + ".hgrm"),
                        measured.histogram(metric).positive());
                table(
                        directory.resolve(metric + "-negative.hgrm"),
                        measured.histogram(metric).negative());
            }
        }
    }

    private static void table(Path file, Histogram part) throws IOException {
        if (part == null || part.getTotalCount() == 0) {
            return;
        }
        try (PrintStream stream = new PrintStream(Files.newOutputStream(file), false, StandardCharsets.US_ASCII)) {
            part.outputPercentileDistribution(stream, STEPS_PER_HALF, 1.0);
            if (stream.checkError()) {
                throw new IOException(file.getFileName() + " cannot be written");
            }
        }
    }
}

package dev.freshet.coordinator.results.merge;

import dev.freshet.common.measure.MeasurementCsv;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What a row costs when the measurement files of four agents become one. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FileMergeBenchmark {
    private static final int AGENTS = 4;
    private static final int ROWS = 1_000_000;
    private static final long T1_MICROS = 1_790_000_000_000_000L;

    private final List<Source> sources = new ArrayList<>();
    private Path directory;

    @Setup
    public void writeFiles() throws IOException {
        directory = Files.createTempDirectory("freshet-bench-");
        for (int agent = 0; agent < AGENTS; agent++) {
            Path file = directory.resolve("p" + agent + ".csv");
            try (BufferedWriter rows = Files.newBufferedWriter(file)) {
                rows.write(MeasurementCsv.HEADER + "\n");
                for (int i = 0; i < ROWS / AGENTS; i++) {
                    rows.write(row(agent, i));
                }
            }
            sources.add(new Source("p" + agent, file, agent * 100));
        }
    }

    private static String row(int agent, int i) {
        long t1 = T1_MICROS + 4L * i + agent;
        return i + ",p" + agent + "-" + i + "," + t1 + "," + (t1 + 90) + "," + (t1 + 93) + "," + (t1 + 181)
                + ",1024,-0.001,0.089,0.003,0.181," + (t1 - 2) + "\n";
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public MergeResult merge() throws IOException {
        return FileMerge.ofMeasurements().merge(sources, directory.resolve("merged.csv"), MergeProgress.NONE);
    }

    @TearDown
    public void deleteFiles() throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

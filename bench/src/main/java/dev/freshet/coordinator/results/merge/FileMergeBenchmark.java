package dev.freshet.coordinator.results.merge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

    private Path directory;
    private List<Source> sources;

    @Setup
    public void writeFiles() throws IOException {
        directory = Files.createTempDirectory("freshet-bench-");
        sources = GeneratedMeasurements.plausible(AGENTS, ROWS).writeTo(directory);
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

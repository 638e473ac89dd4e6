package dev.freshet.coordinator.results.merge;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Times merging, each round on fresh output, and says what it took of heap and of temporary disk. Started with {@code taskset -c 0} and {@code
 * -Xmx256m} it shows what one core does. One line for each round: rows, seconds, rows per second, peak heap, largest amount of temporary files.
 *
 * <pre>
 *   MergeMain &lt;directory to work in&gt; &lt;rows in all&gt; [rounds] [agents] [jitter in microseconds]
 * </pre>
 */
final class MergeMain {
    private static final long LOOK_AT_THE_DISK_BYTES = 256 << 20;

    private final Path directory;
    private long mostTemporaryBytes;
    private long nextLookBytes;

    private MergeMain(Path directory) {
        this.directory = directory;
    }

    public static void main(String[] arguments) throws IOException {
        long rows = Long.parseLong(arguments[1]);
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1;
        int agents = arguments.length > 3 ? Integer.parseInt(arguments[3]) : 4;
        int jitter = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 100;
        Path directory = Files.createTempDirectory(Path.of(arguments[0]), "merge-benchmark");
        try {
            GeneratedMeasurements plausible = GeneratedMeasurements.plausible(agents, rows);
            List<Source> sources = new GeneratedMeasurements(
                            agents, plausible.rowsEach(), plausible.periodMicros(), jitter, plausible.seed())
                    .writeTo(directory);
            for (int round = 0; round < rounds; round++) {
                new MergeMain(directory).round(sources);
            }
        } finally {
            try (Stream<Path> files = Files.list(directory)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        }
    }

    private void round(List<Source> sources) throws IOException {
        List<MemoryPoolMXBean> heap = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .toList();
        heap.forEach(MemoryPoolMXBean::resetPeakUsage);
        Path target = directory.resolve("measurements.csv");
        long start = System.nanoTime();
        MergeResult result = FileMerge.ofMeasurements().merge(sources, target, (done, total) -> look(done));
        double seconds = (System.nanoTime() - start) / 1e9;
        long peakBytes =
                heap.stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
        System.out.printf(
                Locale.ROOT,
                "%d rows, %d dropped, %.2f s, %.3f M rows/s, heap %d MiB at most, temporary files %d MiB at most%n",
                result.rows(),
                result.dropped(),
                seconds,
                result.rows() / seconds / 1e6,
                peakBytes >> 20,
                mostTemporaryBytes >> 20);
        Files.delete(target);
    }

    private void look(long done) {
        if (done < nextLookBytes) {
            return;
        }
        nextLookBytes = done + LOOK_AT_THE_DISK_BYTES;
        try (Stream<Path> files = Files.list(directory)) {
            long bytes = files.filter(file -> file.toString().endsWith(".stretch"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            mostTemporaryBytes = Math.max(mostTemporaryBytes, bytes);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

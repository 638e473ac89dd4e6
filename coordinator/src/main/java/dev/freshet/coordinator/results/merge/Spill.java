package dev.freshet.coordinator.results.merge;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An external merge sort: rows are spilled to temporary files beside the target, in stretches that are each in order, which are then merged. */
final class Spill implements Closeable {
    private final RowFormat format;
    private final int windowBytes;
    private final Path target;
    private final Meter meter;
    private final List<Path> files = new ArrayList<>();
    private List<Stretch> stretches = new ArrayList<>();
    private Stretch.Output open;

    /** @param windowBytes how far a file is looked ahead */
    Spill(RowFormat format, int windowBytes, Path target, Meter meter) {
        this.format = format;
        this.windowBytes = windowBytes;
        this.target = target;
        this.meter = meter;
    }

    /** Reads one agent's file; most are one stretch. */
    MergeResult add(Source source) throws IOException {
        try (SourceRows rows = new SourceRows(source, format, windowBytes, meter)) {
            while (rows.next()) {
                if (open != null && rows.time() < open.latest()) {
                    finishStretch();
                }
                if (open == null) {
                    open = new Stretch.Output(temporary());
                }
                rows.copyTo(open);
            }
            finishStretch();
            return rows.result();
        }
    }

    private void finishStretch() throws IOException {
        if (open != null) {
            stretches.add(open.finish());
            open = null;
        }
    }

    private Path temporary() {
        Path file = target.resolveSibling("." + target.getFileName() + "." + files.size() + ".stretch");
        files.add(file);
        return file;
    }

    /** Writes all rows; in several passes if there are more than {@code fanIn} stretches. */
    void mergeInto(MergedFile merged, int fanIn) throws IOException {
        while (stretches.size() > fanIn) {
            stretches = mergedInGroups(fanIn);
        }
        meter.spilled(stretches.stream().mapToLong(Stretch::rowBytes).sum());
        merge(stretches, (time, bytes, from, length) -> {
            merged.write(time, bytes, from, length);
            meter.written(length);
        });
    }

    private static void merge(List<Stretch> stretches, Rows.Sink sink) throws IOException {
        if (!RowMerge.merge(stretches.stream().map(Stretch.Input::new).toList(), sink)) {
            throw new IllegalStateException("a stretch is not in order");
        }
    }

    /** Neighbours are merged with neighbours, so rows of equal time stay in order. */
    private List<Stretch> mergedInGroups(int fanIn) throws IOException {
        List<Stretch> merged = new ArrayList<>();
        for (int from = 0; from < stretches.size(); from += fanIn) {
            List<Stretch> group = stretches.subList(from, Math.min(from + fanIn, stretches.size()));
            try (Stretch.Output output = new Stretch.Output(temporary())) {
                merge(group, output);
                merged.add(output.finish());
            }
            for (Stretch stretch : group) {
                Files.delete(stretch.path());
            }
        }
        return merged;
    }

    @Override
    public void close() throws IOException {
        if (open != null) {
            open.close();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}

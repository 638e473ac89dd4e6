package dev.freshet.coordinator.results.merge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;

/**
 * Merges the agents' files of one kind into one, led by {@code agent} and ordered by time on the coordinator's clock; rows of equal time by
 * agent, then as they stood in its file. An agent's rows are nearly in order, so as a rule one pass does, which looks ahead a bounded number of
 * bytes in every file at once. Where a row is further out of order than that, or there are more files than may be open, it is done anew as an
 * external merge sort. Neither memory nor descriptors depend on how much there is.
 */
public final class FileMerge {
    private static final int WINDOW_BYTES = 8 << 20;
    private static final int ALL_WINDOWS_BYTES = 64 << 20;
    private static final int FAN_IN = 128;

    private final RowFormat format;
    private final int windowBytes;
    private final int fanIn;

    /**
     * @param windowBytes how far a file is looked ahead, at most
     * @param fanIn how many files are read at once, at most
     */
    FileMerge(RowFormat format, int windowBytes, int fanIn) {
        this.format = format;
        this.windowBytes = windowBytes;
        this.fanIn = fanIn;
    }

    /** Merges {@code measurements.csv}, by t1. */
    public static FileMerge ofMeasurements() {
        return new FileMerge(new MeasurementRows(), WINDOW_BYTES, FAN_IN);
    }

    /** Merges {@code network.csv}, by timestamp. */
    public static FileMerge ofNetwork() {
        return new FileMerge(new NetworkRows(), WINDOW_BYTES, FAN_IN);
    }

    /**
     * Merges {@code sources}, in whatever order they are named. The target is replaced when the merge is whole; temporary files are deleted
     * whatever happens.
     *
     * @throws IOException if a source cannot be read, or the target not be written (a full disk)
     */
    public MergeResult merge(List<Source> sources, Path target, MergeProgress progress) throws IOException {
        List<Source> ordered =
                sources.stream().sorted(Comparator.comparing(Source::agent)).toList();
        long inputBytes = 0;
        for (Source source : ordered) {
            inputBytes += Files.size(source.file());
        }
        Meter meter = new Meter(progress, inputBytes);
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            MergeResult result = ordered.size() <= fanIn ? inOnePass(ordered, part, meter) : null;
            if (result == null) {
                result = bySpilling(ordered, target, part, meter);
            }
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
            meter.done();
            return result;
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /** Null if that is not possible, as a row is too far out of order. */
    private MergeResult inOnePass(List<Source> sources, Path part, Meter meter) throws IOException {
        int share = Math.min(windowBytes, ALL_WINDOWS_BYTES / Math.max(1, sources.size()));
        List<SourceRows> inputs = sources.stream()
                .map(source -> new SourceRows(source, format, share, meter))
                .toList();
        try (MergedFile merged = new MergedFile(part, format)) {
            if (!RowMerge.merge(inputs, merged)) {
                return null;
            }
            merged.finish();
        }
        return inputs.stream().map(SourceRows::result).reduce(MergeResult.NONE, MergeResult::plus);
    }

    private MergeResult bySpilling(List<Source> sources, Path target, Path part, Meter meter) throws IOException {
        meter.spilling();
        MergeResult result = MergeResult.NONE;
        try (Spill spill = new Spill(format, windowBytes, target, meter);
                MergedFile merged = new MergedFile(part, format)) {
            for (Source source : sources) {
                result = result.plus(spill.add(source));
            }
            spill.mergeInto(merged, fanIn);
            merged.finish();
        }
        return result;
    }
}

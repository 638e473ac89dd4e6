package dev.freshet.coordinator.results.merge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/**
 * Merges the agents' files of one kind into one, led by {@code agent} and ordered by time on the coordinator's clock; rows of equal time by
 * agent, then as they stood in its file. An external merge sort: bounded chunks are sorted and spilled to temporary files beside the target,
 * which are then merged with a bounded number of open files. Neither memory nor descriptors depend on how much there is.
 */
public final class FileMerge {
    private static final int CHUNK_BYTES = 8 << 20;
    private static final int FAN_IN = 128;

    private final RowFormat format;
    private final int chunkBytes;
    private final int fanIn;

    FileMerge(RowFormat format, int chunkBytes, int fanIn) {
        this.format = format;
        this.chunkBytes = chunkBytes;
        this.fanIn = fanIn;
    }

    /** Merges {@code measurements.csv}, by t1. */
    public static FileMerge ofMeasurements() {
        return new FileMerge(new MeasurementRows(), CHUNK_BYTES, FAN_IN);
    }

    /** Merges {@code network.csv}, by timestamp. */
    public static FileMerge ofNetwork() {
        return new FileMerge(new NetworkRows(), CHUNK_BYTES, FAN_IN);
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
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try (Spill spill = new Spill(format, chunkBytes, target, new Meter(progress, inputBytes))) {
            for (Source source : ordered) {
                spill.add(source);
            }
            MergeResult result = spill.mergeInto(part, fanIn);
            Files.move(part, target, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            return result;
        } finally {
            Files.deleteIfExists(part);
        }
    }
}

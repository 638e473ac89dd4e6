package dev.freshet.coordinator.results.merge;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The two halves of a {@link FileMerge}: rows into sorted stretches, stretches into the target. When a chunk is full only its earlier half is spilled:
 * an agent's rows are nearly in order, so what comes next belongs behind that half, and the whole file becomes one stretch.
 */
final class Spill implements Closeable {
    private static final double KEPT = 0.5;
    private static final int OUTPUT_BYTES = 1 << 20;

    private final RowFormat format;
    private final Path target;
    private final Meter meter;
    private final RowChunk chunk;
    private final List<Path> files = new ArrayList<>();
    private List<Stretch> stretches = new ArrayList<>();
    private Stretch.Output open;
    private long rows;
    private long dropped;

    Spill(RowFormat format, int chunkBytes, Path target, Meter meter) {
        this.format = format;
        this.target = target;
        this.meter = meter;
        this.chunk = new RowChunk(chunkBytes);
    }

    /** Reads one agent's file. */
    void add(Source source) throws IOException {
        byte[] header = format.header().getBytes(StandardCharsets.US_ASCII);
        byte[] lead = (source.agent() + ",").getBytes(StandardCharsets.US_ASCII);
        try (LineReader lines = new LineReader(source.file())) {
            long told = 0;
            boolean first = true;
            while (lines.next()) {
                if (!first || !isHeader(lines, header)) {
                    row(lines, lead, source.clockOffsetMicros());
                }
                first = false;
                if (lines.bytesRead() != told) {
                    meter.read(lines.bytesRead() - told);
                    told = lines.bytesRead();
                }
            }
        }
        while (!chunk.isEmpty()) {
            spill(0);
        }
        finishRun();
    }

    private static boolean isHeader(LineReader line, byte[] header) {
        return java.util.Arrays.equals(line.bytes(), line.start(), line.end(), header, 0, header.length);
    }

    private void row(LineReader line, byte[] lead, long clockOffsetMicros) throws IOException {
        if (!chunk.hasRoom()) {
            spill(KEPT);
        }
        ByteBuffer into = chunk.open().put(lead);
        long time = line.isWhole()
                ? format.convert(line.bytes(), line.start(), line.end(), clockOffsetMicros, into)
                : RowFormat.MALFORMED;
        if (time == RowFormat.MALFORMED) {
            dropped++;
            return;
        }
        into.put((byte) '\n');
        chunk.added(time);
        rows++;
    }

    private void spill(double kept) throws IOException {
        chunk.sort();
        if (open != null && chunk.earliest() < open.latest()) {
            finishRun();
        }
        if (open == null) {
            open = new Stretch.Output(temporary());
        }
        chunk.spill(open, kept);
    }

    private void finishRun() throws IOException {
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

    /** Writes header and rows; in several passes if there are more than {@code fanIn} stretches. */
    MergeResult mergeInto(Path part, int fanIn) throws IOException {
        while (stretches.size() > fanIn) {
            stretches = mergedInGroups(fanIn);
        }
        long spilled = stretches.stream().mapToLong(Stretch::rowBytes).sum();
        long[] written = {0};
        try (OutputStream output = new BufferedOutputStream(Files.newOutputStream(part), OUTPUT_BYTES)) {
            output.write(("agent," + format.header() + "\n").getBytes(StandardCharsets.US_ASCII));
            StretchMerge.merge(stretches, (time, bytes, from, length) -> {
                output.write(bytes, from, length);
                written[0] += length;
                meter.written((double) written[0] / spilled);
            });
        }
        meter.done();
        return new MergeResult(rows, dropped);
    }

    /** Neighbours are merged with neighbours, so rows of equal time stay in order. */
    private List<Stretch> mergedInGroups(int fanIn) throws IOException {
        List<Stretch> merged = new ArrayList<>();
        for (int from = 0; from < stretches.size(); from += fanIn) {
            List<Stretch> group = stretches.subList(from, Math.min(from + fanIn, stretches.size()));
            try (Stretch.Output output = new Stretch.Output(temporary())) {
                StretchMerge.merge(group, output);
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

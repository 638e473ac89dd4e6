package dev.freshet.coordinator.results.merge;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The rows of one agent's file as the merged file has them, in order of time as far as a bounded look ahead can tell: of two chunks, both sorted,
 * the earlier row comes next, and when the older chunk is used up it is filled with what comes after the other. So a row may stand in the file
 * behind as many others as a chunk holds and still comes in its place; an agent's rows are seldom further out of order than its answers were. One
 * that is comes late, and its time is before that of the row before it.
 */
final class SourceRows implements Rows {
    private final RowFormat format;
    private final byte[] header;
    private final byte[] lead;
    private final Source source;
    private final Meter meter;
    private RowChunk older;
    private RowChunk newer;
    private RowChunk current;
    private LineReader lines;
    private long toldBytes;
    private long rows;
    private long dropped;

    /**
     * Opens the file when the first row is asked for.
     *
     * @param windowBytes of both chunks together
     */
    SourceRows(Source source, RowFormat format, int windowBytes, Meter meter) {
        this.source = source;
        this.format = format;
        this.header = format.header().getBytes(StandardCharsets.US_ASCII);
        this.lead = (source.agent() + ",").getBytes(StandardCharsets.US_ASCII);
        this.meter = meter;
        this.older = new RowChunk(windowBytes / 2);
        this.newer = new RowChunk(windowBytes / 2);
    }

    @Override
    public boolean next() throws IOException {
        if (lines == null) {
            open();
        } else {
            current.pass();
        }
        if (older.isEmpty()) {
            RowChunk used = older;
            older = newer;
            newer = used;
            fill(newer);
        }
        current = newer.isEmpty() || !older.isEmpty() && older.time() <= newer.time() ? older : newer;
        return !current.isEmpty();
    }

    private void open() throws IOException {
        lines = new LineReader(source.file());
        if (lines.next() && !isHeader()) {
            add(older);
        }
        fillUp(older);
        fill(newer);
    }

    private void fill(RowChunk chunk) throws IOException {
        chunk.clear();
        fillUp(chunk);
    }

    private void fillUp(RowChunk chunk) throws IOException {
        while (chunk.hasRoom() && lines.next()) {
            add(chunk);
        }
        chunk.sort();
        meter.read(lines.bytesRead() - toldBytes);
        toldBytes = lines.bytesRead();
    }

    private boolean isHeader() {
        return Arrays.equals(lines.bytes(), lines.start(), lines.end(), header, 0, header.length);
    }

    private void add(RowChunk chunk) {
        ByteBuffer into = chunk.open().put(lead);
        long time = lines.isWhole()
                ? format.convert(lines.bytes(), lines.start(), lines.end(), source.clockOffsetMicros(), into)
                : RowFormat.MALFORMED;
        if (time == RowFormat.MALFORMED) {
            dropped++;
            return;
        }
        into.put((byte) '\n');
        chunk.added(time);
        rows++;
    }

    @Override
    public long time() {
        return current.time();
    }

    @Override
    public void copyTo(Sink sink) throws IOException {
        current.copyTo(sink);
    }

    /** What has come of it so far. */
    MergeResult result() {
        return new MergeResult(rows, dropped);
    }

    @Override
    public void close() throws IOException {
        if (lines != null) {
            lines.close();
        }
    }
}

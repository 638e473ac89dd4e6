package dev.freshet.coordinator.results.merge;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file line by line without making strings; a line is valid until the next one is asked for. */
public final class LineReader implements Closeable {
    private static final int BUFFER_BYTES = 256 << 10;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x80 * ONES;
    private static final long ENDS_OF_LINE = '\n' * ONES;

    private final InputStream file;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int start;
    private int end;
    private int next;
    private int limit;
    private boolean whole;
    private long bytesRead;

    public LineReader(Path path) throws IOException {
        file = Files.newInputStream(path);
    }

    /** Goes to the next line; false at the end of the file. */
    public boolean next() throws IOException {
        whole = true;
        start = next;
        int at = next;
        while (true) {
            at = endOfLine(at);
            if (at < limit) {
                end = at;
                next = at + 1;
                return true;
            }
            if (at - start > RowFormat.MAX_ROW_BYTES) {
                whole = false; // too long to be a row: what was read of it is let go
                start = at;
            }
            at -= start;
            if (!fill()) {
                boolean rest = at > 0 || !whole;
                whole = false;
                end = limit;
                next = limit;
                return rest;
            }
        }
    }

    /** Where the first end of line is from a place on, or the limit: eight bytes at a time as long as there is none among them. */
    private int endOfLine(int from) {
        int at = from;
        while (at + Long.BYTES <= limit) {
            long other = (long) LONGS.get(buffer, at) ^ ENDS_OF_LINE; // a byte is zero where an end of line is
            long zeros = other - ONES & ~other & HIGH_BITS; // exact up to the first one
            if (zeros != 0) {
                return at + (Long.numberOfTrailingZeros(zeros) >>> 3);
            }
            at += Long.BYTES;
        }
        while (at < limit && buffer[at] != '\n') {
            at++;
        }
        return at;
    }

    /** Moves the open line to the front and reads on behind it; false at the end of the file. */
    private boolean fill() throws IOException {
        System.arraycopy(buffer, start, buffer, 0, limit - start);
        limit -= start;
        start = 0;
        int read = file.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            return false;
        }
        limit += read;
        bytesRead += read;
        return true;
    }

    public byte[] bytes() {
        return buffer;
    }

    public int start() {
        return start;
    }

    /** Where the line ends, the end of line left out. */
    public int end() {
        return end > start && buffer[end - 1] == '\r' ? end - 1 : end;
    }

    /** Whether the line has an end, and is not longer than a row may be. */
    public boolean isWhole() {
        return whole && end - start <= RowFormat.MAX_ROW_BYTES;
    }

    long bytesRead() {
        return bytesRead;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

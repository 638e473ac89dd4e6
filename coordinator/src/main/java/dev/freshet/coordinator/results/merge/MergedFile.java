package dev.freshet.coordinator.results.merge;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The merged file while it is written: its header, then rows in order of time. */
final class MergedFile implements Rows.Sink, Closeable {
    private static final int BUFFER_BYTES = 256 << 10;

    private final FileChannel file;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);

    MergedFile(Path path, RowFormat format) throws IOException {
        file = FileChannel.open(
                path, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        buffer.put(("agent," + format.header() + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void write(long timeMicros, byte[] bytes, int from, int length) throws IOException {
        if (buffer.remaining() < length) {
            flush();
        }
        buffer.put(bytes, from, length);
    }

    private void flush() throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            file.write(buffer);
        }
        buffer.clear();
    }

    /** Writes what is still held back. */
    void finish() throws IOException {
        flush();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

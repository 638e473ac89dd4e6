package dev.freshet.coordinator.results.merge;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Rows in order of time, spilled to a temporary file:
 *
 * <pre>
 *   time (8 bytes) | length (4 bytes) | row …
 * </pre>
 *
 * @param rowBytes of all rows together
 */
record Stretch(Path path, long rowBytes) {
    private static final int BUFFER_BYTES = 64 << 10;
    private static final int HEAD_BYTES = Long.BYTES + Integer.BYTES;

    /** Writes a stretch. */
    static final class Output implements Rows.Sink, Closeable {
        private final Path path;
        private final OutputStream file;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        private long latest = Long.MIN_VALUE;
        private long rowBytes;

        Output(Path path) throws IOException {
            this.path = path;
            this.file = Files.newOutputStream(path);
        }

        /** The time of the last row written. */
        long latest() {
            return latest;
        }

        @Override
        public void write(long timeMicros, byte[] bytes, int from, int length) throws IOException {
            if (buffer.remaining() < HEAD_BYTES + length) {
                flush();
            }
            buffer.putLong(timeMicros).putInt(length).put(bytes, from, length);
            latest = timeMicros;
            rowBytes += length;
        }

        private void flush() throws IOException {
            file.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }

        Stretch finish() throws IOException {
            flush();
            file.close();
            return new Stretch(path, rowBytes);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** Reads a stretch, row by row. */
    static final class Input implements Rows {
        private final Stretch stretch;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        private long time;
        private int start;
        private int length;
        private InputStream file;

        /** Opens the file when the first row is asked for. */
        Input(Stretch stretch) {
            this.stretch = stretch;
            buffer.limit(0);
        }

        @Override
        public boolean next() throws IOException {
            if (file == null) {
                file = Files.newInputStream(stretch.path);
            }
            if (!has(HEAD_BYTES)) {
                return false;
            }
            time = buffer.getLong();
            length = buffer.getInt();
            if (!has(length)) {
                throw new EOFException("a temporary file is cut short");
            }
            start = buffer.position();
            buffer.position(start + length);
            return true;
        }

        private boolean has(int bytes) throws IOException {
            if (buffer.remaining() >= bytes) {
                return true;
            }
            buffer.compact();
            int read = file.readNBytes(buffer.array(), buffer.position(), buffer.remaining());
            buffer.position(buffer.position() + read).flip();
            return buffer.remaining() >= bytes;
        }

        @Override
        public long time() {
            return time;
        }

        @Override
        public void copyTo(Sink sink) throws IOException {
            sink.write(time, buffer.array(), start, length);
        }

        @Override
        public void close() throws IOException {
            if (file != null) {
                file.close();
            }
        }
    }
}

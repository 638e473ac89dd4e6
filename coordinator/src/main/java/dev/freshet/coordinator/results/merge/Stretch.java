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

    /** Takes rows in order of time. */
    interface RowSink {
        void write(long timeMicros, byte[] bytes, int from, int length) throws IOException;
    }

    /** Writes a stretch. */
    static final class Output implements RowSink, Closeable {
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
    static final class Input implements Closeable {
        private final InputStream file;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        private long time;
        private int start;
        private int length;

        Input(Stretch stretch) throws IOException {
            file = Files.newInputStream(stretch.path);
            buffer.limit(0);
        }

        /** Goes to the next row; false at the end. */
        boolean next() throws IOException {
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

        long time() {
            return time;
        }

        void copyTo(RowSink sink) throws IOException {
            sink.write(time, buffer.array(), start, length);
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}

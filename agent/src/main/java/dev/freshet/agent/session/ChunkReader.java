package dev.freshet.agent.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the windows of files that the coordinator asks for, in chunks. Who asks for the next window has the one before, so that its arrays can be
 * filled anew. (Only a repetition of it, asked for because it came late, may still be queued: it has an offset that nobody waits for any more, and is
 * ignored.) New arrays for a hundred megabytes a second would have the heap at its limit however small a run's own needs are.
 *
 * <p>Owned by one thread.
 */
final class ChunkReader {
    static final int CHUNK_BYTES = 256 << 10;

    private final List<byte[]> arrays = new ArrayList<>();
    private Path file;
    private long windowStart;
    private long windowEnd; // as far as it was read

    /** Takes a chunk; what is in the array stays until the window after this one is read. */
    interface Taker {
        void take(long offset, byte[] bytes);
    }

    /**
     * Reads a window, up to the end of the file; if that is where it begins, one chunk without bytes.
     *
     * @param offset of its first byte
     * @param sizeBytes how much of the file
     */
    void read(Path from, long offset, long sizeBytes, Taker taker) throws IOException {
        if (!from.equals(file)
                || offset != windowEnd) { // not the next one: what was sent of the last may not have arrived
            arrays.clear();
        }
        file = from;
        windowStart = offset;
        windowEnd = offset;
        try (FileChannel channel = FileChannel.open(from, StandardOpenOption.READ)) {
            long end = Math.min(offset + sizeBytes, channel.size());
            do {
                byte[] bytes = array((int) Math.min(CHUNK_BYTES, Math.max(0, end - windowEnd)));
                readFully(channel, bytes);
                taker.take(windowEnd, bytes);
                windowEnd += bytes.length;
            } while (windowEnd < end);
        }
    }

    private byte[] array(int length) {
        if (length < CHUNK_BYTES) {
            return new byte[length];
        }
        int index = (int) ((windowEnd - windowStart) / CHUNK_BYTES);
        if (index == arrays.size()) {
            arrays.add(new byte[CHUNK_BYTES]);
        }
        return arrays.get(index);
    }

    private void readFully(FileChannel channel, byte[] into) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, windowEnd + buffer.position()) < 0) {
                throw new IOException("it has become shorter");
            }
        }
    }
}

package dev.freshet.agent.producer;

import dev.freshet.agent.run.Recording;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.CRC32C;

/**
 * A file that a thread of its own writes, "measurements": whoever fills it waits for the disk only when that is {@value #BUFFERS} buffers behind.
 * When the disk fills, or takes nothing for {@value #PATIENCE_SECONDS} s, the file ends there.
 *
 * <p>Filled and closed by one thread.
 */
final class WriteBehind implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 18;
    private static final int BUFFERS = 16;
    private static final int PATIENCE_SECONDS = 10;
    private static final String NOTHING_TAKEN = "the disk took nothing for " + PATIENCE_SECONDS + " s";

    private final Path path;
    private final FileChannel channel;

    /** The one emptied last is filled next, and another is made only when there is none: few are needed unless the disk is behind. */
    private final BlockingDeque<ByteBuffer> empty = new LinkedBlockingDeque<>(BUFFERS);

    private final AtomicReference<String> trouble = new AtomicReference<>();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread writing = new Thread(task, "measurements");
        writing.setDaemon(true);
        return writing;
    });
    private final CRC32C checksum = new CRC32C(); // of the thread that writes, until it has ended
    private long writtenBytes; // the same
    private ByteBuffer open; // null when there is trouble
    private int made;
    private long longestWaitNanos;

    WriteBehind(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
        open = another();
    }

    /** Where to put what comes next, with room for so many bytes; null once there is {@link #trouble}. */
    ByteBuffer room(int bytes) {
        if (open != null && open.remaining() < bytes) {
            handOver();
            open = trouble.get() == null ? nextEmpty() : null;
        }
        return open;
    }

    private void handOver() {
        ByteBuffer filled = open.flip();
        thread.execute(() -> write(filled));
    }

    private ByteBuffer nextEmpty() {
        ByteBuffer next = empty.poll();
        if (next == null && made < BUFFERS) {
            next = another();
        } else if (next == null) {
            long from = System.nanoTime();
            next = await();
            longestWaitNanos = Math.max(longestWaitNanos, System.nanoTime() - from);
        }
        return next;
    }

    private ByteBuffer another() {
        made++;
        return ByteBuffer.allocateDirect(BUFFER_BYTES);
    }

    private ByteBuffer await() {
        try {
            ByteBuffer next = empty.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (next == null) {
                trouble.compareAndSet(null, NOTHING_TAKEN);
            }
            return next;
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for the disk", e);
        }
    }

    private void write(ByteBuffer filled) {
        try {
            while (trouble.get() == null && filled.hasRemaining()) {
                int from = filled.position();
                int written = channel.write(filled);
                checksum.update(filled.duplicate().position(from).limit(from + written));
                writtenBytes += written;
            }
        } catch (IOException | RuntimeException e) {
            trouble.compareAndSet(null, e.getMessage() == null ? e.toString() : e.getMessage());
        }
        empty.push(filled.clear());
    }

    /** Why the file ended early, or null. */
    String trouble() {
        return trouble.get();
    }

    /** How long it took at most to get a buffer when the disk was behind. */
    long longestWaitNanos() {
        return longestWaitNanos;
    }

    /** What has been written; complete when this is closed. The checksum was made on the way: the file may have many GB. */
    Recording recording() {
        return new Recording(path, writtenBytes, checksum.getValue());
    }

    /** Writes what is still held back. */
    @Override
    public void close() {
        if (thread.isShutdown()) {
            return;
        }
        if (open != null) {
            handOver();
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                trouble.compareAndSet(null, NOTHING_TAKEN);
            }
            channel.close();
        } catch (IOException e) {
            trouble.compareAndSet(null, "it could not be closed: " + e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted while waiting for the disk", e);
        }
    }
}

package dev.freshet.deploy.remote;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A stream from the network that is given up when nothing comes for too long: Java's HTTP client would wait for ever. */
final class GuardedStream extends FilterInputStream {
    private static final long IDLE = Long.MAX_VALUE;

    private final Duration patience;
    private final ScheduledExecutorService guard;
    private volatile long waitsSinceNanos = IDLE;
    private volatile boolean givenUp;

    private GuardedStream(InputStream in, Duration patience, ScheduledExecutorService guard) {
        super(in);
        this.patience = patience;
        this.guard = guard;
    }

    /** @param patience how long one read may wait */
    static GuardedStream of(InputStream in, Duration patience) {
        ScheduledExecutorService guard = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "stream-guard");
            thread.setDaemon(true);
            return thread;
        });
        GuardedStream stream = new GuardedStream(in, patience, guard);
        long every = Math.max(1, Math.min(1_000, patience.toMillis() / 4));
        guard.scheduleWithFixedDelay(stream::look, every, every, TimeUnit.MILLISECONDS);
        return stream;
    }

    private void look() {
        long since = waitsSinceNanos;
        if (since != IDLE && System.nanoTime() - since > patience.toNanos()) {
            givenUp = true;
            try {
                in.close();
            } catch (IOException e) {
                // whoever reads gets an error in any case
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        waitsSinceNanos = System.nanoTime();
        try {
            int count = in.read(into, offset, length);
            if (givenUp) {
                throw new IOException("closed");
            }
            return count;
        } catch (IOException e) {
            throw givenUp ? new IOException("nothing came for " + patience.toSeconds() + " s", e) : e;
        } finally {
            waitsSinceNanos = IDLE;
        }
    }

    @Override
    public void close() throws IOException {
        guard.shutdownNow();
        in.close();
    }
}

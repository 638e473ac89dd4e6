package dev.freshet.common.zmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.util.concurrent.atomic.AtomicBoolean;
import org.zeromq.ZMQ;

/**
 * Wakes a thread out of its poll. Calls that come before it has woken cost no system call: one byte lies in the pipe at most.
 *
 * <p>{@link #wake} is for any thread; the rest belongs to the one that polls, which must {@link #clear} before it looks at what it was woken
 * for.
 */
public final class WakeUp implements AutoCloseable {
    private final Pipe pipe;
    private final ByteBuffer one = ByteBuffer.allocateDirect(1);
    private final ByteBuffer read = ByteBuffer.allocateDirect(16);
    private final AtomicBoolean pending = new AtomicBoolean();

    public WakeUp() {
        try {
            pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            pipe.sink().configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException("no pipe to wake a thread with", e);
        }
    }

    /** Registers with the poller of the thread that is to be woken. */
    public void pollWith(ZMQ.Poller poller) {
        poller.register(pipe.source(), ZMQ.Poller.POLLIN);
    }

    /** Wakes the polling thread; from any thread, never blocks. */
    public void wake() {
        if (pending.compareAndSet(false, true)) {
            try {
                pipe.sink().write(one.duplicate());
            } catch (IOException e) {
                // closed: whoever polled is gone, and polls with a timeout until it is
                pending.set(false);
            }
        }
    }

    /** To be called after each poll, whether or not this woke it: the byte may come a moment after its announcement. */
    public void clear() {
        try {
            read.clear();
            pipe.source().read(read);
        } catch (IOException e) {
            throw new UncheckedIOException("the pipe that wakes a thread is broken", e);
        }
        pending.set(false);
    }

    @Override
    public void close() {
        try {
            pipe.sink().close();
            pipe.source().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.freshet.common.zmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Tasks for the thread that owns a socket. Any thread posts; the owner has {@link #channel} in its poller beside its sockets and calls
 * {@link #runAll} when it is readable. One byte wakes the owner for any number of tasks.
 */
public final class Mailbox implements AutoCloseable {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private final ByteBuffer drain = ByteBuffer.allocateDirect(16); // the owner's
    private final Pipe pipe;

    public Mailbox() {
        try {
            pipe = Pipe.open();
            pipe.source().configureBlocking(false);
            pipe.sink().configureBlocking(false);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands a task to the owner; from any thread, never blocks. A task posted after {@link #close} is dropped. */
    public void post(Runnable task) {
        tasks.add(task);
        if (woken.compareAndSet(false, true)) {
            try {
                pipe.sink().write(ByteBuffer.wrap(new byte[1]));
            } catch (java.nio.channels.ClosedChannelException e) {
                tasks.clear(); // the owner is gone
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** For the owner's poller: readable when there is something to run. */
    public SelectableChannel channel() {
        return pipe.source();
    }

    /** Runs what has been posted; by the owner only. */
    public void runAll() {
        try {
            drain.clear();
            pipe.source().read(drain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        woken.set(false); // before the queue is read: a task that comes now wakes again
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
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

package dev.freshet.agent.zmtp;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * A thread that waits for sockets and lets their handlers act: who comes, who says what, and who can be written to again.
 *
 * <p>{@link #post} and {@link #wake} are for any thread.
 */
public final class IoThread implements AutoCloseable {
    private static final long LOOK_MILLIS = 500;
    private static final long JOIN_MILLIS = 2_000;
    private static final System.Logger LOG = System.getLogger(IoThread.class.getName());

    private final Selector selector;
    private final Thread thread;
    private final Consumer<Throwable> onDeath;
    private final Queue<Runnable> posted = new ConcurrentLinkedQueue<>();
    private volatile boolean closing;

    /** What belongs to a socket; called by the I/O thread only. */
    interface Handler {
        /** The socket is ready for one of the operations that it is registered for. */
        void ready(SelectionKey key);

        /** Called about twice a second. */
        void look(long nowNanos);
    }

    /**
     * @param name of the thread
     * @param onDeath told when the thread dies of an exception; nothing works after that
     */
    public IoThread(String name, Consumer<Throwable> onDeath) {
        this.onDeath = onDeath;
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector for " + name, e);
        }
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** Registers a socket; by the I/O thread only. */
    SelectionKey register(SelectableChannel channel, int operations, Handler handler) throws IOException {
        channel.configureBlocking(false);
        return channel.register(selector, operations, handler);
    }

    /** Has the I/O thread do something. */
    void post(Runnable task) {
        posted.add(task);
        selector.wakeup();
    }

    /** Has the I/O thread look at the operations that its sockets are registered for, as they have changed. */
    void wake() {
        selector.wakeup();
    }

    private void run() {
        try {
            long lookedNanos = System.nanoTime();
            while (!closing) {
                selector.select(IoThread::dispatch, LOOK_MILLIS);
                for (Runnable task = posted.poll(); task != null; task = posted.poll()) {
                    run(task);
                }
                long now = System.nanoTime();
                if (now - lookedNanos >= LOOK_MILLIS * 1_000_000) {
                    lookedNanos = now;
                    List.copyOf(selector.keys()).forEach(key -> look(key, now));
                }
            }
        } catch (ClosedSelectorException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed", e);
        } catch (Throwable e) { // whatever it is, nothing works without this thread
            if (!closing) {
                onDeath.accept(e);
            }
        } finally {
            closeAll();
        }
    }

    private static void dispatch(SelectionKey key) {
        if (key.isValid()) {
            try {
                ((Handler) key.attachment()).ready(key);
            } catch (CancelledKeyException e) {
                LOG.log(System.Logger.Level.DEBUG, "closed meanwhile by another thread", e);
            }
        }
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (CancelledKeyException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed meanwhile by another thread", e);
        }
    }

    private static void look(SelectionKey key, long nowNanos) {
        if (key.isValid()) { // what was closed since the last select is still among the keys
            try {
                ((Handler) key.attachment()).look(nowNanos);
            } catch (CancelledKeyException e) {
                LOG.log(System.Logger.Level.DEBUG, "closed meanwhile by another thread", e);
            }
        }
    }

    private void closeAll() {
        selector.keys().forEach(key -> close(key.channel()));
        close(selector);
    }

    private static void close(Closeable what) {
        try {
            what.close();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "while closing", e);
        }
    }

    /** Ends the thread, and closes all sockets that are registered; waits for that, up to two seconds. */
    @Override
    public void close() {
        closing = true;
        selector.wakeup();
        if (thread == Thread.currentThread()) {
            return;
        }
        try {
            thread.join(JOIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            LOG.log(System.Logger.Level.WARNING, "{0} did not end within {1} ms", thread.getName(), JOIN_MILLIS);
        }
    }
}

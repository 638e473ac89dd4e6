package dev.freshet.common.zmq;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.zeromq.ZMQ;

/**
 * Tasks for the thread that owns a socket. Any thread posts; the owner has the mailbox in its poller beside its sockets, and calls
 * {@link #runAll} after each poll. A task posted when the owner has ended is never run.
 */
public final class Mailbox implements AutoCloseable {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final WakeUp wakeUp = new WakeUp();

    /** Hands a task to the owner; from any thread, never blocks. */
    public void post(Runnable task) {
        tasks.add(task);
        wakeUp.wake();
    }

    /** Registers with the owner's poller. */
    public void pollWith(ZMQ.Poller poller) {
        wakeUp.pollWith(poller);
    }

    /** Runs what has been posted; by the owner only. */
    public void runAll() {
        wakeUp.clear(); // before the queue is read: a task that comes now wakes again
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Override
    public void close() {
        wakeUp.close();
    }
}

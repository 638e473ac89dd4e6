package dev.freshet.agent.consumer;

import dev.freshet.common.wire.Request;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;

/**
 * Works on messages as a real consumer would: each worker is busy with one message at a time for a given time (it sleeps), then its answer is
 * due. What waits for a worker is bounded: when {@link #isFull}, no more may be received.
 *
 * <p>Threads {@code worker-1} and on. {@link #take}, {@link #finished} and {@link #done} belong to the thread that receives; a piece of work
 * belongs to one thread at a time, handed on through queues.
 */
final class Workers implements AutoCloseable {
    private static final int MIN_WAITING = 64;
    private static final int WAITING_PER_WORKER = 4;
    private static final long JOIN_MILLIS = 1000;

    private final ArrayDeque<Work> free = new ArrayDeque<>();
    private final int capacity;
    private final BlockingQueue<Work> waiting;
    private final MpscAtomicArrayQueue<Work> finished;
    private final long processingNanos;
    private final Runnable wakeUp;
    private final List<Thread> threads = new ArrayList<>();

    /** A message being worked on: what its answer needs. */
    static final class Work {
        final byte[] id = new byte[Request.MAX_ID_BYTES];
        int source;
        int idLength;
        long seq;
        long t2Micros;
    }

    /**
     * @param processingNanos how long each message is worked on
     * @param wakeUp called whenever work is finished
     * @param onDeath told when a worker dies of an exception
     */
    Workers(int workers, long processingNanos, Runnable wakeUp, Consumer<Throwable> onDeath) {
        this.processingNanos = processingNanos;
        this.wakeUp = wakeUp;
        capacity = workers + Math.max(MIN_WAITING, WAITING_PER_WORKER * workers);
        waiting = new ArrayBlockingQueue<>(capacity);
        finished = new MpscAtomicArrayQueue<>(capacity);
        for (int i = 0; i < capacity; i++) {
            free.push(new Work());
        }
        for (int i = 1; i <= workers; i++) {
            Thread thread = new Thread(this::work, "worker-" + i);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler((died, error) -> onDeath.accept(error));
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    boolean isFull() {
        return free.isEmpty();
    }

    /** How many messages are still to be answered. */
    int unfinished() {
        return capacity - free.size();
    }

    /** Takes on a message; not to be called when {@link #isFull}. */
    void take(int source, Request request, long t2Micros) {
        Work work = free.pop();
        work.source = source;
        work.idLength = request.copyId(work.id, 0);
        work.seq = request.seq();
        work.t2Micros = t2Micros;
        waiting.add(work);
    }

    /** A message that has been worked on and is to be answered, or null. */
    Work finished() {
        return finished.poll();
    }

    /** Takes back what {@link #finished} gave. */
    void done(Work work) {
        free.push(work);
    }

    private void work() {
        try {
            while (true) {
                Work work = waiting.take();
                sleep();
                finished.offer(work); // as large as there are pieces of work: never full
                wakeUp.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // close() ends the worker
        }
    }

    private void sleep() throws InterruptedException {
        long deadline = System.nanoTime() + processingNanos;
        for (long left = processingNanos; left > 0; left = deadline - System.nanoTime()) {
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}

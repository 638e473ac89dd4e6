package dev.freshet.deploy.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What Ctrl-C (or a kind kill) does to a command: asks its work to end in order, and keeps the process for as long as that makes progress. The
 * outermost resource of a command, so that it is closed last.
 */
final class Interruption implements AutoCloseable {
    /** Without a sign of life for so long the process is given up: longer than the longest drain margin. */
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "interrupt");
    private Runnable stop;
    private boolean requested;
    private volatile long lastProgressNanos = System.nanoTime();

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** @param newStop asks the work to end; called at most once, at once if the interruption has come already */
    void stopsBy(Runnable newStop) {
        synchronized (this) {
            stop = newStop;
            if (!requested) {
                return;
            }
        }
        newStop.run();
    }

    /**
     * A second Ctrl-C ends the process at once, whatever its work does: for work that others carry on.
     *
     * @param words to say then
     */
    void leavesAtSecond(String words) {
        SecondInterrupt.watch(() -> {
            System.err.println(words);
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        });
    }

    /** Whether it has come. */
    synchronized boolean isRequested() {
        return requested;
    }

    /** Tells that the work still gets on: then it is waited for. */
    void progress() {
        lastProgressNanos = System.nanoTime();
    }

    private void interrupted() {
        Runnable toRun;
        synchronized (this) {
            requested = true;
            toRun = stop;
        }
        lastProgressNanos = System.nanoTime();
        if (toRun != null) {
            toRun.run();
        }
        try {
            while (!over.await(1, TimeUnit.SECONDS)) {
                if (System.nanoTime() - lastProgressNanos > PATIENCE_NANOS) {
                    System.err.println("freshet: what was interrupted has not moved for 60 s, and is given up");
                    break;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }

    /** The work is over. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            over.countDown(); // the process is ending: the hook waits for us
        }
    }
}

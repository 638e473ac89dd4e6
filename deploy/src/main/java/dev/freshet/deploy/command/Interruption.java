package dev.freshet.deploy.command;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What Ctrl-C (or a kind kill) does to a command: asks its work to end in order, and keeps the process until that has happened. The outermost
 * resource of a command, so that it is closed last.
 */
final class Interruption implements AutoCloseable {
    /** Draining, collecting and merging of an interrupted run, and then some. */
    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch over = new CountDownLatch(1);
    private final Thread hook = new Thread(this::interrupted, "interrupt");
    private volatile Runnable stop = () -> {};

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** @param newStop asks the work to end; called at most once, from a thread of its own */
    void stopsBy(Runnable newStop) {
        stop = newStop;
    }

    private void interrupted() {
        stop.run();
        try {
            if (!over.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                System.err.println("freshet: what was interrupted did not end within " + PATIENCE_SECONDS + " s");
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

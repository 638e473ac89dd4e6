package dev.freshet.deploy.command;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A result that is kept, with the process, for somebody who fetches it: in a pod both would go together. */
final class HeldResult {
    private static final int SECONDS_ONCE_TOLD = 300;

    private HeldResult() {}

    /**
     * Prints a last line, {@code freshet: result CODE DIR}, and returns when the process is told to end. If it was told already, as the run was
     * interrupted, it stays 5 minutes more: whoever did that is there to fetch what was kept.
     *
     * @param directory null if the run left nothing: the line has {@code -} then, and there is nothing to stay for once told
     */
    static void hold(int exitCode, Path directory, Interruption interruption) throws InterruptedException {
        System.err.flush();
        System.out.println("freshet: result " + exitCode + " " + (directory == null ? "-" : directory));
        System.out.flush();
        if (!interruption.isRequested()) {
            CountDownLatch told = new CountDownLatch(1);
            interruption.stopsBy(told::countDown);
            told.await(); // for as long as nobody ends the process
            return;
        }
        for (int second = 0; second < SECONDS_ONCE_TOLD && directory != null; second++) {
            interruption.progress();
            TimeUnit.SECONDS.sleep(1);
        }
    }
}

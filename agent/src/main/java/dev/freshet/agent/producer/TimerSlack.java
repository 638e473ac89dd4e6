package dev.freshet.agent.producer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * By how much the Linux kernel may put off the timer of a thread that sleeps, so that it can end several sleeps at once (prctl(2),
 * PR_SET_TIMERSLACK): 50 microseconds, if nobody asks for less.
 */
final class TimerSlack {
    private static final System.Logger LOG = System.getLogger(TimerSlack.class.getName());

    private TimerSlack() {}

    /** Asks for the least, one nanosecond, for the calling thread; on other systems than Linux nothing comes of it. */
    static void least() {
        try {
            // a thread may change its own, and is known by its number as processes are (proc(5))
            Path thread = Files.readSymbolicLink(Path.of("/proc/thread-self"));
            Files.writeString(slackOf(thread), "1");
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the timer slack stays as it is", e);
        }
    }

    private static Path slackOf(Path thread) {
        return Path.of("/proc", thread.getFileName().toString(), "timerslack_ns");
    }
}

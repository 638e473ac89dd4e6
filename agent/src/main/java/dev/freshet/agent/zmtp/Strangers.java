package dev.freshet.agent.zmtp;

import java.util.concurrent.atomic.AtomicLong;

/** Counts the connections that were ended because of what came from them, and says a line about it, once a minute at most. */
final class Strangers {
    private static final long LOG_NANOS = 60_000_000_000L;
    private static final System.Logger LOG = System.getLogger(Strangers.class.getName());

    private final String where;
    private final AtomicLong count = new AtomicLong();
    private long loggedNanos = System.nanoTime() - LOG_NANOS;

    /** @param where they connect to, for people */
    Strangers(String where) {
        this.where = where;
    }

    /** A connection is ended; by the I/O thread. */
    void ended(Object address, String reason) {
        long ended = count.incrementAndGet();
        long now = System.nanoTime();
        if (now - loggedNanos >= LOG_NANOS && say(address, reason, ended)) {
            loggedNanos = now;
        }
    }

    private boolean say(Object address, String reason, long ended) {
        try {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a connection from {0} to {1} was ended, as {2}; {3} so far, no more lines of this kind for a minute",
                    address,
                    where,
                    reason,
                    ended);
            return true;
        } catch (RuntimeException | Error e) {
            // where strangers have used up all descriptors even the first line may lack one, for a class or the time
            // zones
            return false;
        }
    }

    /** How many; from any thread. */
    long count() {
        return count.get();
    }
}

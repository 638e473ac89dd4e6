package dev.freshet.agent.producer;

import dev.freshet.agent.run.IntervalBooks;

/** Decides when each of a shard's messages is sent. Owned by the publishing thread. */
interface SendLoop {
    /**
     * Sends until the time for it is over or the run is stopped, and closes the books.
     *
     * @param t0Nanos when sending begins, nanoseconds since the epoch
     */
    Sending run(long t0Nanos, IntervalBooks books);
}

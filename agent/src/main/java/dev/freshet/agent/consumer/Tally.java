package dev.freshet.agent.consumer;

import dev.freshet.common.measure.Counts;

/** Where what a {@link RequestServer} counts is written down. Called by the thread that receives, for each message: allocates nothing. */
public interface Tally {
    /**
     * The counts that a message belongs to.
     *
     * @param source its producer, by its place among those served
     */
    Counts of(int source, long seq, long t1Micros);

    /** The counts that a message belongs to which is not there, or was not when those after it came. */
    Counts ofMissing(int source, long seq);

    /** The counts that something belongs to which has no sequence number to go by. */
    Counts ofUnreadable(int source);

    /**
     * The first measured message: a gap is shared out among the phases of the messages it lacks. Of an unpaced producer it is the first one that
     * has arrived.
     */
    long firstMeasured(int source);

    /** The time goes on: called before a message is counted. */
    void rollTo(long nowNanos);
}

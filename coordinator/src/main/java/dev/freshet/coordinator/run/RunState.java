package dev.freshet.coordinator.run;

/** Where a run stands. Any state may be left for {@link #FAILED} or {@link #STOPPED}. */
public enum RunState {
    PLANNED,
    /** Waiting for the agents asked for. */
    GATHERING,
    /** Comparing clocks. */
    SYNCING,
    /** Producers bind; consumers connect and say {@code start}. */
    PREPARING,
    /** From T0: warm-up, then measured. */
    RUNNING,
    /** Answers are still on their way. */
    DRAINING,
    /** Fetching the agents' files. */
    COLLECTING,
    /** Writing the results. */
    MERGING,
    DONE,
    FAILED,
    STOPPED;

    public boolean isFinal() {
        return this == DONE || this == FAILED || this == STOPPED;
    }

    /** Whether messages have flowed, so that there are books to keep. */
    boolean hasBooks() {
        return ordinal() >= RUNNING.ordinal() && ordinal() <= MERGING.ordinal();
    }
}

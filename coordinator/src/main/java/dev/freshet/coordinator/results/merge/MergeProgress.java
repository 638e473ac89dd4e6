package dev.freshet.coordinator.results.merge;

/** Told now and then how far a merge is, from the thread that merges. */
@FunctionalInterface
public interface MergeProgress {
    /** For those who do not want to know. */
    MergeProgress NONE = (done, total) -> {};

    /** @param total bytes to be read in all: what is spilled is read again, and counts again */
    void bytes(long done, long total);
}

package dev.freshet.coordinator.results.merge;

/**
 * @param rows in the merged file, its header not counted
 * @param dropped rows that are malformed: as a rule the last one of an agent that was lost while it wrote
 */
public record MergeResult(long rows, long dropped) {
    static final MergeResult NONE = new MergeResult(0, 0);

    MergeResult plus(MergeResult other) {
        return new MergeResult(rows + other.rows, dropped + other.dropped);
    }
}

package dev.freshet.coordinator.results.merge;

/** Tells a {@link MergeProgress}, not for each row but for each step: reading is the first half of the way, writing the second. */
final class Meter {
    private static final long STEP_BYTES = 1 << 20;

    private final MergeProgress progress;
    private final long inputBytes;
    private long readBytes;
    private long told;

    Meter(MergeProgress progress, long inputBytes) {
        this.progress = progress;
        this.inputBytes = inputBytes;
    }

    void read(long bytes) {
        readBytes += bytes;
        tell(readBytes);
    }

    /** @param share of the rows that is written, 0 to 1 */
    void written(double share) {
        tell(inputBytes + (long) (share * inputBytes));
    }

    void done() {
        progress.bytes(2 * inputBytes, 2 * inputBytes);
    }

    private void tell(long done) {
        if (done - told >= STEP_BYTES) {
            told = done;
            progress.bytes(done, 2 * inputBytes);
        }
    }
}

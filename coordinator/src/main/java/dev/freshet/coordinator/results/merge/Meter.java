package dev.freshet.coordinator.results.merge;

/**
 * Tells a {@link MergeProgress}, not for each row but for each step. Reading is the first half of the way and writing the second, if they come one
 * after the other; else what is read is both. What has been told is never taken back.
 */
final class Meter {
    private static final long STEP_BYTES = 1 << 20;

    private final MergeProgress progress;
    private final long inputBytes;
    private boolean spilling;
    private long readBytes;
    private long spilledBytes;
    private long writtenBytes;
    private long told;

    Meter(MergeProgress progress, long inputBytes) {
        this.progress = progress;
        this.inputBytes = inputBytes;
    }

    /** Reading begins anew, and what is read is only spilled. */
    void spilling() {
        spilling = true;
        readBytes = 0;
    }

    void read(long bytes) {
        readBytes += bytes;
        tell(spilling ? readBytes : 2 * readBytes);
    }

    /** All is spilled, and from now on written. */
    void spilled(long bytes) {
        spilledBytes = bytes;
    }

    void written(long bytes) {
        writtenBytes += bytes;
        if ((writtenBytes & -STEP_BYTES) != (writtenBytes - bytes & -STEP_BYTES)) {
            tell(inputBytes + (long) ((double) writtenBytes / spilledBytes * inputBytes));
        }
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

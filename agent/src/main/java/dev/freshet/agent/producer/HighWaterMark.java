package dev.freshet.agent.producer;

/** How many messages may wait for a subscriber before one is refused; the same for every publisher, so that a run means the same with each. */
final class HighWaterMark {
    /** What may wait for one subscriber of each channel, all channels together, in bytes of payload. */
    private static final long BUDGET_BYTES = 64L << 20;

    private static final int MIN_MESSAGES = 4;
    private static final int MAX_MESSAGES = 1000;

    private HighWaterMark() {}

    /**
     * How many messages may wait for one subscriber of one channel.
     *
     * @param maxSizeBytes the largest payload
     */
    static int messages(int channels, int maxSizeBytes) {
        long fitting = BUDGET_BYTES / ((long) channels * Math.max(1, maxSizeBytes));
        return (int) Math.max(MIN_MESSAGES, Math.min(MAX_MESSAGES, fitting));
    }
}

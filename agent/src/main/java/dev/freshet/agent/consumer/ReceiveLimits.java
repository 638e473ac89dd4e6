package dev.freshet.agent.consumer;

import dev.freshet.common.wire.Request;

/**
 * How much a consumer's connections may hold, derived from a budget of memory and not from a number of messages.
 *
 * @param maxFrameBytes a producer that announces a larger frame is cut off
 * @param slotBytes the size of a receive buffer to begin with
 * @param highWaterMark messages queued for a connection
 * @param socketBufferBytes of the kernel for a connection; 0 leaves it to the system, whose own tuning serves large messages better
 */
public record ReceiveLimits(int maxFrameBytes, int slotBytes, int highWaterMark, int socketBufferBytes) {
    private static final long BUDGET_BYTES = 96L << 20;
    private static final int MIN_MESSAGES = 4;
    private static final int MAX_MESSAGES = 1000;
    private static final int SMALL_BELOW_BYTES = 64 << 10;
    private static final int SMALL_SOCKET_BUFFER_BYTES = 512 << 10;

    /**
     * @param maxPayloadBytes the largest payload that will come
     * @param connections among which the budget is shared
     */
    public static ReceiveLimits of(int maxPayloadBytes, int connections) {
        int messageBytes = maxPayloadBytes + Request.MAX_HEADER_BYTES;
        int socketBuffer = maxPayloadBytes < SMALL_BELOW_BYTES ? SMALL_SOCKET_BUFFER_BYTES : 0;
        return new ReceiveLimits(messageBytes, messageBytes, messages(messageBytes, connections), socketBuffer);
    }

    /**
     * For payloads of unknown size.
     *
     * @param largestPayloadBytes more than that no producer sends
     * @param likelyPayloadBytes what the budget is reckoned with
     */
    public static ReceiveLimits unknown(int largestPayloadBytes, int likelyPayloadBytes, int connections) {
        int likely = likelyPayloadBytes + Request.MAX_HEADER_BYTES;
        return new ReceiveLimits(
                largestPayloadBytes + Request.MAX_HEADER_BYTES,
                ReceiveBuffers.POOLED_FROM_BYTES,
                messages(likely, connections),
                0);
    }

    private static int messages(int messageBytes, int connections) {
        long fitting = BUDGET_BYTES / connections / messageBytes;
        return (int) Math.max(MIN_MESSAGES, Math.min(MAX_MESSAGES, fitting));
    }
}

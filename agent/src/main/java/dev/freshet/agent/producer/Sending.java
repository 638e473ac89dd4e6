package dev.freshet.agent.producer;

/**
 * What the publishing thread did.
 *
 * @param sent messages accepted, of both phases
 * @param firstSendNanos when the first one was sent, nanoseconds since the epoch; null if none was
 * @param lastSendNanos and the last one
 * @param endNanos when the last message had been dealt with
 */
public record Sending(long sent, Long firstSendNanos, Long lastSendNanos, long endNanos) {}

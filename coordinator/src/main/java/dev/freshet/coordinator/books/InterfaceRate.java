package dev.freshet.coordinator.books;

/**
 * What an agent's interface carried while messages were sent, whoever sent it; by its counters, so headers are in it.
 *
 * @param seconds the stretch of time it was seen for
 */
public record InterfaceRate(double seconds, double sentBytesPerSecond, double receivedBytesPerSecond) {}

package dev.freshet.coordinator.results;

/**
 * Whether the system under test passed one gate.
 *
 * @param text the gate as it was written
 * @param actual in the unit of the gate's threshold: a count or fraction, bytes or messages per second, or microseconds; null if not known
 * @param passed false also if the actual figure is not known
 * @param reason why the figure is not known, or null
 */
public record GateResult(String text, Double actual, boolean passed, String reason) {}

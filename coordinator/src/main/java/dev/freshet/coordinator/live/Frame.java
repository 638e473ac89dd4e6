package dev.freshet.coordinator.live;

/**
 * One piece of the live feed.
 *
 * @param event {@code status} or {@code agents}, of which only the latest is of use; {@code run}, {@code row} or {@code mark}, which make up the log
 * @param id where in the log it stands, for a subscriber that comes back; null for a snapshot
 * @param json one JSON object, on one line
 */
public record Frame(String event, String id, String json) {}

package dev.freshet.coordinator.results.merge;

import java.nio.file.Path;

/**
 * One agent's file.
 *
 * @param agent leads each row of the merged file
 * @param clockOffsetMicros the agent's clock minus the coordinator's, rounded; all times of a row are moved back by it together
 */
public record Source(String agent, Path file, long clockOffsetMicros) {}

package dev.freshet.deploy.kubernetes;

import java.nio.file.Path;

/**
 * A run that is over, with its results here.
 *
 * @param exitCode the coordinator's
 * @param directory the result directory; null if the run left none
 */
public record FetchedRun(int exitCode, Path directory) {}

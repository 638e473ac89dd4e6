package dev.freshet.coordinator.live;

import dev.freshet.coordinator.results.RunStatus;

/**
 * The coordinator now.
 *
 * @param now UTC
 * @param run the run in progress, or else the last one; null if there was none yet
 */
public record CoordinatorStatus(String now, About coordinator, RunStatus run) {
    /**
     * Which coordinator it is.
     *
     * @param started UTC
     * @param endpoint what agents dial
     * @param agents how many are in the fleet
     * @param control who may start and stop runs over the API: {@code open}, {@code token} or {@code none}
     */
    public record About(String version, String started, String endpoint, int agents, String control) {}
}

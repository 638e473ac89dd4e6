package dev.freshet.coordinator.intervals;

import java.util.List;

/**
 * All that is told of one interval and phase.
 *
 * @param heat of the response times, or of the total delays where there are none
 * @param agents those that reported it, producers first
 */
public record LiveRow(FleetInterval fleet, Heat heat, List<AgentInterval> agents) {
    public LiveRow {
        agents = List.copyOf(agents);
    }
}

package dev.freshet.coordinator.fleet;

import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.ClockFilter;
import dev.freshet.common.time.FourTimestamps;
import dev.freshet.coordinator.channel.AgentAddress;

/** One agent as the coordinator knows it. Owned by the coordinator's context. */
public final class FleetAgent {
    private final Hello hello;
    private AgentAddress address;
    private final ClockFilter clock = new ClockFilter();
    private long lastHeardNanos;

    FleetAgent(Hello hello, AgentAddress address, long nowNanos) {
        this.hello = hello;
        this.address = address;
        this.lastHeardNanos = nowNanos;
    }

    public String name() {
        return hello.name();
    }

    public Role role() {
        return hello.role();
    }

    public Hello hello() {
        return hello;
    }

    public AgentAddress address() {
        return address;
    }

    void movedTo(AgentAddress newAddress) {
        address = newAddress;
    }

    /** When it was last heard, on the coordinator's clock. */
    public long lastHeardNanos() {
        return lastHeardNanos;
    }

    void heard(long nowNanos) {
        lastHeardNanos = nowNanos;
    }

    void exchanged(FourTimestamps exchange) {
        clock.add(exchange);
    }

    /** What is known of its clock, or null before the first exchange. */
    public ClockFilter.Estimate clock() {
        return clock.estimate();
    }

    /** A moment of the coordinator's clock on the agent's, both in nanoseconds since the epoch. */
    public long toAgentClock(long nanos) {
        ClockFilter.Estimate estimate = clock.estimate();
        return nanos + (estimate == null ? 0 : Math.round(estimate.offsetNanos()));
    }
}

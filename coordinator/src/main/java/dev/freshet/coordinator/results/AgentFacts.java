package dev.freshet.coordinator.results;

import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.plan.Link;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.time.ClockFilter;
import java.util.List;

/**
 * What the coordinator knows of an agent beside its books.
 *
 * @param host the host's name
 * @param interfaceName what it is bound to, or null
 * @param speedBitsPerSecond of that interface; null if not known
 * @param endpoints that it bound, each {@code tcp://host:port}
 * @param cores processors of its host that it may use
 * @param clock what is known of its clock at the end, or null
 * @param finished its last word, or null if it was lost before
 */
public record AgentFacts(
        String name,
        String host,
        String interfaceName,
        Long speedBitsPerSecond,
        List<String> endpoints,
        int cores,
        ClockFilter.Estimate clock,
        Finished finished) {
    public AgentFacts {
        endpoints = List.copyOf(endpoints);
    }

    /** First send minus its intended time (of an unpaced producer, minus T0), on the agent's own clock, microseconds; null if it sent nothing. */
    public Double startErrorMicros(Shard shard) {
        if (finished == null || finished.firstSendNanos() == null || !(shard instanceof Shard.Producing producing)) {
            return null;
        }
        long intended =
                finished.t0Nanos() + (producing.paced() ? producing.schedule().nanosAt(0) : 0);
        return (finished.firstSendNanos() - intended) / 1e3;
    }

    /** How far the agent's clock is ahead of the coordinator's, in whole microseconds; 0 if that is not known. */
    public long clockOffsetMicros() {
        return clock == null ? 0 : Math.round(clock.offsetNanos() / 1e3);
    }

    Link link() {
        return new Link(name, host, interfaceName, speedBitsPerSecond);
    }

    /** Whether what it sends stays on its host. */
    boolean onLoopback() {
        return endpoints.stream().anyMatch(at -> at.matches("tcp://(127\\.|localhost|\\[?::1).*"));
    }
}

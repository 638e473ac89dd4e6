package dev.freshet.common.plan;

import dev.freshet.common.units.Rate;
import java.time.Duration;
import java.util.List;

/**
 * Everything a run is asked to do. Immutable, and valid by construction: {@link PlanBuilder} is the edge where text becomes a plan.
 *
 * @param name names the result directory: letters, digits, dot, dash and underscore
 * @param agents how many producers, 1 to 1000
 * @param consumers how many consumer agents share the producers among them; 0 for none
 * @param rate messages per second of the whole fleet
 * @param sizes payloads
 * @param dealing whether each agent sends the whole mix or one size of it
 * @param weights how the rate is shared among the agents
 * @param duration the measured phase
 * @param warmup before it, whole seconds
 * @param drain the longest wait for answers after the last message
 * @param placement where in the period each producer fires
 * @param onFull what happens at the high-water mark
 * @param interfaceName network interface that the agents bind and watch, by name or by one of its IPv4 addresses; null for loopback
 * @param channels PUB sockets a producer
 * @param dataPort first data port on a host; 0 for any free ones
 * @param processingTime how long a consumer works on each message
 * @param workers how many messages a consumer works on at a time
 * @param seed of everything drawn
 * @param gates what the system under test must show
 */
public record Plan(
        String name,
        int agents,
        int consumers,
        Rate rate,
        SizeMix sizes,
        Dealing dealing,
        Weights weights,
        Duration duration,
        Duration warmup,
        Duration drain,
        Placement placement,
        OnFull onFull,
        String interfaceName,
        int channels,
        int dataPort,
        Duration processingTime,
        int workers,
        long seed,
        List<Gate> gates) {
    public Plan {
        gates = List.copyOf(gates);
    }

    public Timing timing() {
        return new Timing(warmup.toNanos(), duration.toNanos(), drain.toNanos());
    }

    /** Payload bytes per second of the whole fleet. */
    public double bytesPerSecond() {
        return rate.hertz() * sizes.meanSizeBytes();
    }
}

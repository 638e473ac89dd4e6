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
 * @param external consumers that are none of our agents, dealt to the producers in turn; if there are any, {@code consumers} is 0
 * @param consumerPatience how long an external consumer may take to say {@code start} to its producers
 * @param rate messages per second of the whole fleet; null for {@code max}: unpaced, each producer sends as fast as it can
 * @param sizes payloads
 * @param dealing whether each agent sends the whole mix or one size of it
 * @param weights how the rate is shared among the agents
 * @param duration the measured phase
 * @param warmup before it, whole seconds
 * @param drain the longest wait for answers after the last message
 * @param placement where in the period each producer fires
 * @param onFull what happens at the high-water mark; unpaced producers wait
 * @param engine what carries the messages that producers publish
 * @param waiting how a producer waits for a message's time
 * @param measure which answered messages get a row
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
        List<ExternalConsumer> external,
        Duration consumerPatience,
        Rate rate,
        SizeMix sizes,
        Dealing dealing,
        Weights weights,
        Duration duration,
        Duration warmup,
        Duration drain,
        Placement placement,
        OnFull onFull,
        Engine engine,
        Waiting waiting,
        Measure measure,
        String interfaceName,
        int channels,
        int dataPort,
        Duration processingTime,
        int workers,
        long seed,
        List<Gate> gates) {
    public Plan {
        external = List.copyOf(external);
        gates = List.copyOf(gates);
    }

    /**
     * How many ports each producer has from {@link #dataPort(int)} on: its channels, the start handshake, and before that one which is left to
     * the answers of an external consumer, so that the contract's own default ports are those of the first producer.
     */
    public int portsEach() {
        return channels + (external.isEmpty() ? 1 : 2);
    }

    /** The first data port of the producer at that place; 0 for any free one. */
    public int dataPort(int place) {
        return dataPort == 0 ? 0 : dataPort + place * portsEach();
    }

    /** The port of the start handshake of the producer at that place; 0 for any free one. */
    public int controlPort(int place) {
        return dataPort == 0 ? 0 : dataPort(place) + portsEach() - 1;
    }

    /** The external consumer of the producer at that place; null if there are none. */
    public ExternalConsumer externalOf(int place) {
        return external.isEmpty() ? null : external.get(place % external.size());
    }

    public Timing timing() {
        return new Timing(warmup.toNanos(), duration.toNanos(), drain.toNanos());
    }

    /** The rate over the whole run, as long as nobody changes it. */
    public RateSteps rates() {
        return rate == null ? RateSteps.unpaced(timing()) : RateSteps.of(timing(), rate);
    }

    /** Payload bytes per second of the whole fleet; null if it is unpaced. */
    public Double bytesPerSecond() {
        return rate == null ? null : Double.valueOf(rate.hertz() * sizes.meanSizeBytes());
    }
}

package dev.freshet.agent.standalone;

import dev.freshet.common.InputException;
import java.time.Duration;

/**
 * What a single consumer is asked to do: the seed's {@code -t -producer-ip -producer-data-port -viz-port -control-port -processing-time-ms
 * -channels -workers}.
 *
 * @param duration from the moment the producer has started; zero until stopped
 * @param producerIp the producer's host
 * @param producerDataPort the port of its first channel, the next ones follow
 * @param vizPort the port that answers are published on, on all interfaces; 0 takes any free one
 * @param controlPort where {@code start} is said
 * @param processingTime how long each message is worked on
 * @param channels how many the producer has
 * @param workers how many messages are worked on at a time
 */
public record ConsumerOptions(
        Duration duration,
        String producerIp,
        int producerDataPort,
        int vizPort,
        int controlPort,
        Duration processingTime,
        int channels,
        int workers) {
    private static final int MOST = 1024;

    /** @throws InputException if an option breaks its rule */
    public ConsumerOptions {
        Options.host("-producer-ip", producerIp);
        Options.port("-producer-data-port", producerDataPort, 1);
        Options.port("-viz-port", vizPort, 0);
        Options.port("-control-port", controlPort, 1);
        Options.count("-channels", channels, MOST);
        Options.count("-workers", workers, MOST);
    }
}

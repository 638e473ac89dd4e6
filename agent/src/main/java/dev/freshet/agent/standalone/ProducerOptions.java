package dev.freshet.agent.standalone;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.units.Rate;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The options of a standalone producer, named as on its command line.
 *
 * @param rate {@code -r}; null for {@code max}: unpaced
 * @param duration {@code -t}
 * @param size {@code -s}, the payload
 * @param dataPort {@code -data-port}, of the first channel; the others follow; 0 takes any free ones
 * @param vizPort {@code -viz-port}, where the consumer publishes its answers
 * @param controlPort {@code -control-port}, where {@code start} is waited for; 0 takes any free one
 * @param vizIp {@code -viz-ip}, the consumer's host
 * @param interfaceName {@code -i}, whose counters are recorded; all ports are bound on every interface, as the Go producer does
 * @param output {@code -output}: a name that ends in {@code .csv} is the measurement file; any other a directory, made if need be, that gets
 *     {@code producer_measurements.csv}; null is that file in the working directory. The interface CSV lies beside it as {@code network.csv}.
 * @param channels {@code -channels}
 * @param engine {@code -engine}
 * @param waiting {@code -wait}
 * @param measure {@code -measure}
 * @param cache {@code -cache}: every message buffer is taken and filled before {@code start} is answered, instead of when it is first used
 * @param debug {@code -d}: a line for each of the first messages, and one a second
 */
public record ProducerOptions(
        Rate rate,
        Duration duration,
        SizeMix size,
        int dataPort,
        int vizPort,
        int controlPort,
        String vizIp,
        String interfaceName,
        Path output,
        int channels,
        Engine engine,
        Waiting waiting,
        Measure measure,
        boolean cache,
        boolean debug) {
    private static final int MAX_PORT = 65535;
    private static final int MAX_CHANNELS = 256;

    /** @throws InputException if an option breaks its rule */
    public ProducerOptions {
        if (duration.isNegative() || duration.isZero()) {
            throw new InputException("-t: " + duration + " must be above zero");
        }
        Options.count("-channels", channels, MAX_CHANNELS);
        Options.host("-viz-ip", vizIp);
        Options.port("-data-port", dataPort, 0);
        Options.port("-control-port", controlPort, 0);
        Options.port("-viz-port", vizPort, 1);
        if (dataPort + channels - 1 > MAX_PORT) {
            throw new InputException(
                    "-data-port: " + dataPort + " leaves no room below 65536 for " + channels + " channels");
        }
    }

    /** The measurement file that {@link #output} means. */
    public Path measurementFile() {
        Path place = output == null ? Path.of("") : output;
        return place.toString().endsWith(".csv") ? place : place.resolve("producer_measurements.csv");
    }

    /** The interface CSV that {@link #output} means. */
    public Path networkFile() {
        return measurementFile().resolveSibling("network.csv");
    }
}

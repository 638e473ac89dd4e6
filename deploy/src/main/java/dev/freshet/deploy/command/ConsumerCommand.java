package dev.freshet.deploy.command;

import dev.freshet.agent.standalone.ConsumerOptions;
import dev.freshet.agent.standalone.StandaloneConsumer;
import dev.freshet.common.InputException;
import dev.freshet.common.units.Durations;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A single consumer, with the options of the Python consumer; single and double dashes both work, so that its scripts run unchanged. */
@Command(
        name = "consumer",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "A single consumer without a coordinator, with the options of the Python consumer. Single and double dashes both work.",
        footer = {
            "",
            "Examples:",
            "  freshet consumer -t 10",
            "  freshet consumer --producer-ip daq1 --processing-time-ms 2.5 --workers 4"
        })
public final class ConsumerCommand implements Callable<Integer> {
    @Option(
            names = {"-t", "--t", "--duration"},
            paramLabel = "TIME",
            defaultValue = "0",
            description = "How long; a bare number is seconds, 0 is until stopped (default: ${DEFAULT-VALUE}).")
    private String duration;

    @Option(
            names = {"-producer-ip", "--producer-ip"},
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "The producer's host (default: ${DEFAULT-VALUE}).")
    private String producerIp;

    @Option(
            names = {"-producer-data-port", "--producer-data-port"},
            paramLabel = "PORT",
            defaultValue = "5555",
            description = "Port of its first channel (default: ${DEFAULT-VALUE}).")
    private int producerDataPort;

    @Option(
            names = {"-viz-port", "--viz-port"},
            paramLabel = "PORT",
            defaultValue = "5556",
            description = "Where answers are published (default: ${DEFAULT-VALUE}).")
    private int vizPort;

    @Option(
            names = {"-control-port", "--control-port"},
            paramLabel = "PORT",
            defaultValue = "5557",
            description = "Where 'start' is said (default: ${DEFAULT-VALUE}).")
    private int controlPort;

    @Option(
            names = {"-processing-time-ms", "--processing-time-ms"},
            paramLabel = "MS",
            defaultValue = "0",
            description = "How long each message is worked on, in milliseconds (default: ${DEFAULT-VALUE}).")
    private BigDecimal processingTimeMillis;

    @Option(
            names = {"-channels", "--channels"},
            paramLabel = "N",
            defaultValue = "1",
            description = "How many the producer has (default: ${DEFAULT-VALUE}).")
    private int channels;

    @Option(
            names = {"-workers", "--workers"},
            paramLabel = "N",
            defaultValue = "1",
            description = "How many messages are worked on at a time (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Override
    public Integer call() {
        if (processingTimeMillis.signum() < 0) {
            throw new InputException("-processing-time-ms: " + processingTimeMillis + " must not be negative");
        }
        Duration processing =
                Duration.ofNanos(processingTimeMillis.movePointRight(6).longValue());
        StandaloneConsumer consumer = new StandaloneConsumer(
                new ConsumerOptions(
                        Durations.parse("-t", duration),
                        producerIp,
                        producerDataPort,
                        vizPort,
                        controlPort,
                        processing,
                        channels,
                        workers),
                System.out,
                System.err);
        try (Interruption interruption = new Interruption()) {
            interruption.stopsBy(consumer::stop);
            return consumer.run();
        }
    }
}

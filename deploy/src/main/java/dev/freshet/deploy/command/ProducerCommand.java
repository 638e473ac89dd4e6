package dev.freshet.deploy.command;

import dev.freshet.agent.monitor.NetworkInterfaces;
import dev.freshet.agent.standalone.ProducerOptions;
import dev.freshet.agent.standalone.StandaloneProducer;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A single producer, with the options of the Go producer; single and double dashes both work, so that its scripts run unchanged. */
@Command(
        name = "producer",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description =
                "A single producer without a coordinator, with the options of the Go producer. Single and double dashes both work.",
        footer = {
            "",
            "Examples:",
            "  freshet producer -r 100 -t 10 -s 1048576",
            "  freshet producer -r max -t 10 -s 1024",
            "  freshet producer --rate 1000/s --duration 10s --size 1MiB -viz-ip daq1 -output run7"
        })
public final class ProducerCommand implements Callable<Integer> {
    @Option(
            names = {"-r", "--r", "--rate"},
            paramLabel = "RATE",
            defaultValue = "10",
            description = "Messages per second, or max: as fast as it goes (default: ${DEFAULT-VALUE}).")
    private String rate;

    @Option(
            names = {"-t", "--t", "--duration"},
            paramLabel = "TIME",
            defaultValue = "10",
            description = "How long; a bare number is seconds (default: ${DEFAULT-VALUE}).")
    private String duration;

    @Option(
            names = {"-s", "--s", "--size"},
            paramLabel = "SIZE",
            defaultValue = "1048576",
            description = "Payload; a bare number is bytes (default: ${DEFAULT-VALUE}).")
    private String size;

    @Option(
            names = {"-data-port", "--data-port"},
            paramLabel = "PORT",
            defaultValue = "5555",
            description = "Port of the first channel, the others follow (default: ${DEFAULT-VALUE}).")
    private int dataPort;

    @Option(
            names = {"-viz-port", "--viz-port"},
            paramLabel = "PORT",
            defaultValue = "5556",
            description = "Where the consumer publishes its answers (default: ${DEFAULT-VALUE}).")
    private int vizPort;

    @Option(
            names = {"-control-port", "--control-port"},
            paramLabel = "PORT",
            defaultValue = "5557",
            description = "Where 'start' is waited for (default: ${DEFAULT-VALUE}).")
    private int controlPort;

    @Option(
            names = {"-viz-ip", "--viz-ip"},
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "The consumer's host (default: ${DEFAULT-VALUE}).")
    private String vizIp;

    @Option(
            names = {"-i", "--i", "--interface"},
            paramLabel = "IF",
            description = "Network interface whose counters are recorded, by name or address (default: loopback).")
    private String interfaceName;

    @Option(
            names = {"-output", "--output"},
            paramLabel = "PATH",
            description =
                    "A .csv file for the measurements, or a directory for them and network.csv (default: producer_measurements.csv here).")
    private Path output;

    @Option(
            names = {"-channels", "--channels"},
            paramLabel = "N",
            defaultValue = "1",
            description = "PUB sockets; message n goes out on channel n modulo N (default: ${DEFAULT-VALUE}).")
    private int channels;

    @Option(
            names = {"-engine", "--engine"},
            paramLabel = "direct|jeromq",
            defaultValue = "direct",
            description =
                    "What messages are published with: ZMTP straight on sockets, or JeroMQ, the reference (default: ${DEFAULT-VALUE}).")
    private String engine;

    @Option(
            names = {"-wait", "--wait"},
            paramLabel = "sleep|hybrid|spin",
            defaultValue = "hybrid",
            description =
                    "How a message's time is waited for: asleep, asleep and then spinning for the last 60 us, or spinning all the time (default: ${DEFAULT-VALUE}).")
    private String waiting;

    @Option(
            names = {"-measure", "--measure"},
            paramLabel = "all|1/N|none",
            defaultValue = "all",
            description = "Which answered messages get a row in the measurement file (default: ${DEFAULT-VALUE}).")
    private String measure;

    @Option(
            names = {"-cache", "--cache"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description =
                    "Takes and fills every message buffer before 'start' is answered, instead of when it is first used.")
    private boolean cache;

    @Option(
            names = {"-d", "--d", "--debug"},
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "false",
            description = "A line for each of the first messages, and one a second.")
    private boolean debug;

    @Override
    public Integer call() throws InterruptedException {
        String watched = NetworkInterfaces.resolve("-i", interfaceName).name();
        ProducerOptions options = new ProducerOptions(
                Rate.parseOrUnpaced("-r", rate),
                Durations.parse("-t", duration),
                SizeMix.parse("-s", size),
                dataPort,
                vizPort,
                controlPort,
                vizIp,
                watched,
                output,
                channels,
                Engine.parse("-engine", engine),
                Waiting.parse("-wait", waiting),
                Measure.parse("-measure", measure),
                cache,
                debug);
        StandaloneProducer producer = new StandaloneProducer(options, System.out);
        try (Interruption interruption = new Interruption()) {
            interruption.stopsBy(producer::stop);
            return producer.run();
        }
    }
}

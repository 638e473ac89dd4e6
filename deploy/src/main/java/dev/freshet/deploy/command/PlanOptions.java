package dev.freshet.deploy.command;

import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.PlanYaml;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options that make a plan. Each is a key of a plan file too, and goes through the same rules: see {@link PlanBuilder}. */
final class PlanOptions {
    private final Map<String, String> given = new LinkedHashMap<>();

    @Option(
            names = "--plan",
            order = 1,
            paramLabel = "FILE.yaml",
            description = "A plan file; options given beside it override it.")
    private Path file;

    @Option(
            names = "--gate",
            order = 8,
            paramLabel = "CONDITION",
            description =
                    "What the result must show, such as 'loss == 0', 'total.p99 < 5ms' or 'throughput >= 1GB/s'. May be given again.")
    private List<String> gates = List.of();

    @Option(
            names = "--name",
            order = 20,
            paramLabel = "NAME",
            description = "Names the run and its result directory (default: run).")
    private void name(String value) {
        given.put("name", value);
    }

    @Option(names = "--agents", order = 4, paramLabel = "N", description = "Producers (default: 4).")
    private void agents(String value) {
        given.put("agents", value);
    }

    @Option(
            names = "--consumers",
            order = 5,
            paramLabel = "N|external:HOST[:PORT]",
            description =
                    "Consumer agents that share the producers among them, or consumers that are started by others and publish their answers on that port (default: 1).")
    private void consumers(String value) {
        given.put("consumers", value);
    }

    @Option(
            names = "--consumer-patience",
            order = 19,
            paramLabel = "TIME",
            description = "How long an external consumer may take to say 'start' (default: 60s).")
    private void consumerPatience(String value) {
        given.put("consumer_patience", value);
    }

    @Option(
            names = "--rate",
            order = 2,
            paramLabel = "RATE",
            description =
                    "Messages per second of the whole fleet: 1000/s, 0.5/s, 100k/s, or max: each producer as fast as it goes (default: 1000/s).")
    private void rate(String value) {
        given.put("rate", value);
    }

    @Option(
            names = "--size",
            order = 3,
            paramLabel = "SIZE",
            description = "Payload: 100B, 16KiB, 1MiB, or a weighted mix 16KiB:3,1MiB:1 (default: 1MiB).")
    private void size(String value) {
        given.put("size", value);
    }

    @Option(
            names = "--sizes",
            order = 14,
            paramLabel = "mix|deal",
            description = "Whether each agent sends the whole mix, or is dealt one size of it (default: mix).")
    private void sizes(String value) {
        given.put("sizes", value);
    }

    @Option(
            names = "--weights",
            order = 15,
            paramLabel = "W,W,…|link-speed",
            description =
                    "Share of the rate of each agent, or by the speed of each one's link (default: equal shares).")
    private void weights(String value) {
        given.put("weights", value);
    }

    @Option(
            names = "--duration",
            order = 6,
            paramLabel = "TIME",
            description = "The measured phase: 10s, 500ms, 2m, 1h (default: 10s).")
    private void duration(String value) {
        given.put("duration", value);
    }

    @Option(
            names = "--warmup",
            order = 7,
            paramLabel = "TIME",
            description = "Before it, whole seconds; counts in no result (default: 2s).")
    private void warmup(String value) {
        given.put("warmup", value);
    }

    @Option(
            names = "--drain",
            order = 18,
            paramLabel = "TIME",
            description = "The longest wait for answers after the last message (default: 5s).")
    private void drain(String value) {
        given.put("drain", value);
    }

    @Option(
            names = "--phase",
            order = 9,
            paramLabel = "PHASE",
            description = "staggered (like one smooth source), aligned (all together) or random (default: staggered).")
    private void phase(String value) {
        given.put("phase", value);
    }

    @Option(
            names = "--on-full",
            order = 10,
            paramLabel = "skip|wait",
            description =
                    "At the high-water mark a message is left out and counted, or waited for (default: skip; with --rate max wait).")
    private void onFull(String value) {
        given.put("on_full", value);
    }

    @Option(
            names = "--engine",
            order = 17,
            paramLabel = "direct|jeromq",
            description =
                    "What producers publish with: ZMTP straight on sockets, or JeroMQ, the reference; all else is always direct (default: direct).")
    private void engine(String value) {
        given.put("engine", value);
    }

    @Option(
            names = "--wait",
            order = 17,
            paramLabel = "sleep|hybrid|spin",
            description =
                    "How producers wait for a message's time: asleep, asleep and then spinning for the last 60 us, or spinning all the time (default: hybrid).")
    private void waiting(String value) {
        given.put("wait", value);
    }

    @Option(
            names = "--measure",
            order = 17,
            paramLabel = "all|1/N|none",
            description =
                    "Which answered messages get a row in measurements.csv; percentiles and counts have all of them (default: all).")
    private void measure(String value) {
        given.put("measure", value);
    }

    @Option(
            names = "--interface",
            order = 11,
            paramLabel = "NAME|ADDRESS",
            description =
                    "Network interface that the agents bind and watch, by name or by one of its addresses (default: loopback; on other hosts, the one by which the coordinator is reached).")
    private void networkInterface(String value) {
        given.put("interface", value);
    }

    @Option(
            names = "--channels",
            order = 12,
            paramLabel = "N",
            description = "PUB sockets of each producer (default: 1).")
    private void channels(String value) {
        given.put("channels", value);
    }

    @Option(
            names = "--data-port",
            order = 13,
            paramLabel = "PORT",
            description =
                    "First data port; each agent takes the next ones (default: any free ones; 5555 with external consumers).")
    private void dataPort(String value) {
        given.put("data_port", value);
    }

    @Option(
            names = "--processing-time",
            order = 16,
            paramLabel = "TIME",
            description = "How long a consumer works on each message (default: 0s).")
    private void processingTime(String value) {
        given.put("processing_time", value);
    }

    @Option(
            names = "--workers",
            order = 17,
            paramLabel = "N",
            description = "How many messages a consumer works on at a time (default: 1).")
    private void workers(String value) {
        given.put("workers", value);
    }

    @Option(
            names = "--seed",
            order = 19,
            paramLabel = "N",
            description = "Of everything that is drawn: random phases, size mixes (default: 1).")
    private void seed(String value) {
        given.put("seed", value);
    }

    /** Whether anything was said of a plan. */
    boolean isGiven() {
        return file != null || !given.isEmpty() || !gates.isEmpty();
    }

    /** @throws dev.freshet.common.InputException if the file or an option breaks a rule */
    Plan plan() {
        return plan(Map.of());
    }

    /**
     * As {@link #plan()}, for a command that knows more.
     *
     * @param defaults keys and values that hold where file and options say nothing
     */
    Plan plan(Map<String, String> defaults) {
        PlanBuilder builder = new PlanBuilder();
        defaults.forEach((key, value) -> builder.set(key, key, value));
        if (file != null) {
            PlanYaml.read(file, builder);
        }
        given.forEach((key, value) -> builder.set("--" + key.replace('_', '-'), key, value));
        gates.forEach(gate -> builder.set("--gate", "gates", gate));
        return builder.build();
    }
}

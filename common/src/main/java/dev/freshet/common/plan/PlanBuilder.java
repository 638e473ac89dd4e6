package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The edge where text becomes a {@link Plan}: the keys of plan files and the options of the command line end here, so both have the same
 * rules and the same errors. Defaults are those of {@code freshet run}: 4 producers and a consumer, 1 MiB at 1000/s in all for 10 s.
 */
public final class PlanBuilder {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");
    private static final Pattern INTERFACE = Pattern.compile("[!-~]{1,64}");
    private static final int MAX_AGENTS = 1000;
    private static final int MAX_CHANNELS = 64;

    /** What an external consumer is told by on the command line: {@code external:HOST}. */
    static final String EXTERNAL = "external";

    /** An external consumer's scripts need to know the ports: the contract's, unless a plan says otherwise. */
    private static final int CONTRACT_DATA_PORT = 5555;

    private String name = "run";
    private int agents = 4;
    private int consumers = 1;
    private List<ExternalConsumer> external = List.of();
    private Duration consumerPatience = Duration.ofSeconds(60);
    private Rate rate = Rate.perSecond(1000);
    private SizeMix sizes = SizeMix.single(1 << 20);
    private Dealing dealing = Dealing.MIX;
    private Weights weights = Weights.EQUAL;
    private Duration duration = Duration.ofSeconds(10);
    private Duration warmup = Duration.ofSeconds(2);
    private Duration drain = Duration.ofSeconds(5);
    private Placement placement = Placement.STAGGERED;
    private OnFull onFull; // null: by the rate
    private Engine engine = Engine.DIRECT;
    private Waiting waiting = Waiting.HYBRID;
    private Measure measure = Measure.ALL;
    private String interfaceName;
    private int channels = 1;
    private Integer dataPort;
    private Duration processingTime = Duration.ZERO;
    private int workers = 1;
    private long seed = 1;
    private final List<Gate> gates = new ArrayList<>();

    /** What each key does with its value; the order is that of {@code plan.yaml}. */
    private final Map<String, BiConsumer<String, String>> keys = new LinkedHashMap<>();

    public PlanBuilder() {
        keys.put("name", (what, text) -> name = name(what, text));
        keys.put("agents", (what, text) -> agents = integer(what, text, 1, MAX_AGENTS));
        keys.put("consumers", this::setConsumers);
        keys.put(
                "consumer_patience",
                (what, text) -> consumerPatience = positive(what, Durations.parse(what, text), text));
        keys.put("rate", (what, text) -> rate = Rate.parseOrUnpaced(what, text));
        keys.put("size", (what, text) -> sizes = SizeMix.parse(what, text));
        keys.put("sizes", (what, text) -> dealing = Dealing.parse(what, text));
        keys.put("weights", (what, text) -> weights = Weights.parse(what, text));
        keys.put("duration", (what, text) -> duration = positive(what, Durations.parse(what, text), text));
        keys.put("warmup", (what, text) -> warmup = wholeSeconds(what, Durations.parse(what, text), text));
        keys.put("drain", (what, text) -> drain = Durations.parse(what, text));
        keys.put("phase", (what, text) -> placement = Placement.parse(what, text));
        keys.put("on_full", (what, text) -> onFull = OnFull.parse(what, text));
        keys.put("engine", (what, text) -> engine = Engine.parse(what, text));
        keys.put("wait", (what, text) -> waiting = Waiting.parse(what, text));
        keys.put("measure", (what, text) -> measure = Measure.parse(what, text));
        keys.put("interface", (what, text) -> interfaceName = interfaceName(what, text));
        keys.put("channels", (what, text) -> channels = integer(what, text, 1, MAX_CHANNELS));
        keys.put("data_port", (what, text) -> dataPort = integer(what, text, 0, 65535));
        keys.put("processing_time", (what, text) -> processingTime = Durations.parse(what, text));
        keys.put("workers", (what, text) -> workers = integer(what, text, 1, 1024));
        keys.put("seed", (what, text) -> seed = integer(what, text, 0, Integer.MAX_VALUE));
        keys.put("gates", (what, text) -> gates.add(Gate.parse(what, text)));
    }

    /**
     * Sets one key. {@code gates} may be set again, and adds; any other replaces what stood before.
     *
     * @param what how the person named it ({@code --rate}, or {@code plan.yaml line 3: rate}), for the error
     * @throws InputException if there is no such key (the message names the nearest), or the value breaks its rule
     */
    public PlanBuilder set(String what, String key, String value) {
        requireKey(what, key);
        keys.get(key).accept(what, value);
        return this;
    }

    void requireKey(String what, String key) {
        if (!keys.containsKey(key)) {
            throw new InputException(what + ": unknown key '" + key + "' (did you mean '" + nearest(key) + "'?)");
        }
    }

    /** Whether {@code key} takes a list of values. */
    static boolean isList(String key) {
        return key.equals("gates") || key.equals("weights") || key.equals("size");
    }

    private void setConsumers(String what, String text) {
        if (text.startsWith(EXTERNAL + ":")) {
            external = ExternalConsumer.parse(what, text.substring(EXTERNAL.length() + 1));
            consumers = 0;
        } else if (text.equals(EXTERNAL)) {
            throw new InputException(
                    what + ": an external consumer needs a host (external:HOST or external:HOST:PORT)");
        } else {
            consumers = integer(what, text, 0, MAX_AGENTS);
            external = List.of();
        }
    }

    /** @throws InputException if values that are each right do not fit together */
    public Plan build() {
        if (external.size() > agents) {
            throw new InputException("consumers: " + external.size() + " external ones for " + agents
                    + " agents, so that one would have no producer");
        }
        if (duration.plus(warmup).compareTo(Duration.ofDays(30)) > 0) {
            throw new InputException("duration: " + Durations.format(duration) + " is above the longest run, 720h");
        }
        if (rate == null) {
            checkUnpaced();
        }
        Plan plan = new Plan(
                name,
                agents,
                consumers,
                external,
                consumerPatience,
                rate,
                sizes.withSeed(seed),
                dealing,
                weights,
                duration,
                warmup,
                drain,
                placement,
                onFull != null ? onFull : rate == null ? OnFull.WAIT : OnFull.SKIP,
                engine,
                waiting,
                measure,
                interfaceName,
                channels,
                dataPort != null ? dataPort : external.isEmpty() ? 0 : CONTRACT_DATA_PORT,
                processingTime,
                workers,
                seed,
                gates);
        if (plan.dataPort() + (long) agents * plan.portsEach() > 65536) {
            throw new InputException("data_port: " + plan.dataPort() + " leaves no room below 65536 for " + agents
                    + " agents with " + plan.portsEach() + " ports each");
        }
        ShardPlanner.check(plan);
        return plan;
    }

    /** What has no meaning where no message has an intended time. */
    private void checkUnpaced() {
        if (onFull == OnFull.SKIP) {
            throw new InputException(
                    "on_full: skip does not go with rate: max, which waits at the high-water mark (on_full: wait)");
        }
        if (!weights.equals(Weights.EQUAL)) {
            throw new InputException("weights: with rate: max there is no rate to be shared");
        }
        for (Gate gate : gates) {
            if (gate.needsIntendedTimes()) {
                throw new InputException("gates: '" + gate.text()
                        + "' does not go with rate: max, where no message has an" + " intended time");
            }
        }
    }

    private String nearest(String key) {
        return keys.keySet().stream()
                .min(Comparator.comparingInt(known -> distance(key.replace('-', '_'), known)))
                .orElseThrow();
    }

    /** Edits to turn one word into the other (Levenshtein 1966). */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private static String name(String what, String text) {
        if (!NAME.matcher(text).matches()) {
            throw new InputException(
                    what + ": '" + text + "' is not a name (letters, digits, '.', '_', '-'; at most 64)");
        }
        return text;
    }

    private static String interfaceName(String what, String text) {
        if (!INTERFACE.matcher(text).matches()) {
            throw new InputException(
                    what + ": '" + text + "' is not an interface's name or address (at most 64 characters, no spaces)");
        }
        return text;
    }

    private static int integer(String what, String text, int min, int max) {
        try {
            int value = Integer.parseInt(text.strip());
            if (value >= min && value <= max) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw new InputException(what + ": '" + text + "' is not a whole number from " + min + " to " + max);
    }

    private static Duration positive(String what, Duration value, String text) {
        if (value.isZero()) {
            throw new InputException(what + ": '" + text + "' must be above zero");
        }
        return value;
    }

    private static Duration wholeSeconds(String what, Duration value, String text) {
        if (value.toNanos() % Timing.INTERVAL_NANOS != 0) {
            throw new InputException(
                    what + ": '" + text + "' must be whole seconds, so that every interval lies in one phase");
        }
        return value;
    }
}

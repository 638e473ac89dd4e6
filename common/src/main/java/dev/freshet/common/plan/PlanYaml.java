package dev.freshet.common.plan;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import dev.freshet.common.InputException;
import dev.freshet.common.units.Durations;
import dev.freshet.common.units.Rate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Plans as YAML files: read key by key, so that an error can name its line; written with every default spelled out. */
public final class PlanYaml {
    private static final YAMLMapper MAPPER = YAMLMapper.builder(YAMLFactory.builder()
                    .enable(YAMLParser.Feature.EMPTY_STRING_AS_NULL)
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .build())
            .build();

    /** Far above what any value needs, and far below what would take seconds to read as a number. */
    private static final int MAX_CHARACTERS = 10_000;

    private static final int MAX_VALUES = 1000;

    private PlanYaml() {}

    /**
     * Sets in {@code builder} what the file says.
     *
     * @throws InputException if it cannot be read, is not YAML, or breaks a rule; the message names file, line and key
     */
    public static void read(Path file, PlanBuilder builder) {
        String text;
        try {
            text = Files.readString(file);
        } catch (IOException e) {
            throw new InputException("--plan: cannot read '" + file + "' (" + reason(e) + ")", e);
        }
        read(file.toString(), text, builder);
    }

    private static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file";
        }
        if (e instanceof AccessDeniedException) {
            return "not permitted";
        }
        return e instanceof CharacterCodingException ? "not UTF-8 text" : e.getMessage();
    }

    /** As {@link #read(Path, PlanBuilder)}, with {@code source} as the name in errors. */
    public static void read(String source, String text, PlanBuilder builder) {
        try (JsonParser parser = MAPPER.getFactory().createParser(text)) {
            if (parser.nextToken() == null) {
                throw new InputException(source + ": a plan is a list of 'key: value' lines, and there is none");
            }
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                throw new InputException(line(source, parser) + ": a plan is a list of 'key: value' lines, not a "
                        + describe(parser.currentToken()));
            }
            Set<String> seen = new HashSet<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String key = limited(line(source, parser) + ": a key", parser.currentName());
                String what = line(source, parser) + ": " + key;
                builder.requireKey(what, key);
                if (!seen.add(key)) {
                    throw new InputException(what + ": stands here a second time");
                }
                parser.nextToken();
                value(parser, what, key, builder);
            }
            if (parser.nextToken() != null) {
                throw new InputException(line(source, parser) + ": one file holds one plan, here a second one begins");
            }
        } catch (JsonProcessingException e) {
            long line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw new InputException(
                    source + (line > 0 ? " line " + line : "") + ": not YAML ("
                            + e.getOriginalMessage().lines().findFirst().orElse("") + ")",
                    e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String line(String source, JsonParser parser) {
        return source + " line " + parser.currentTokenLocation().getLineNr();
    }

    private static void value(JsonParser parser, String what, String key, PlanBuilder builder) throws IOException {
        JsonToken token = parser.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return; // `interface:` with nothing behind it: the default stays
        }
        if (token.isScalarValue()) {
            builder.set(what, key, text(parser, what));
            return;
        }
        if (token == JsonToken.START_OBJECT && key.equals("consumers")) {
            builder.set(what, key, PlanBuilder.EXTERNAL + ":" + external(parser, what));
            return;
        }
        if (token != JsonToken.START_ARRAY || !PlanBuilder.isList(key)) {
            throw new InputException(what + ": a plain value is needed" + (PlanBuilder.isList(key) ? ", or a list" : "")
                    + ", not a " + (token == JsonToken.START_ARRAY ? "list" : "mapping"));
        }
        List<String> parts = plainValues(parser, what);
        if (key.equals("gates")) {
            parts.forEach(part -> builder.set(what, key, part));
        } else if (!parts.isEmpty()) {
            builder.set(what, key, String.join(",", parts));
        }
    }

    private static String text(JsonParser parser, String what) throws IOException {
        if (((YAMLParser) parser).isCurrentAlias()) {
            throw new InputException(
                    what + ": '*" + parser.getText() + "': a plan has no aliases, write the value itself");
        }
        return limited(what, parser.getText());
    }

    private static String limited(String what, String text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new InputException(
                    what + ": has " + text.length() + " characters, and " + MAX_CHARACTERS + " is the most");
        }
        return text;
    }

    /** The value of {@code {external: HOST}} or {@code {external: [HOST, HOST]}}, which is all that such a mapping may have. */
    private static String external(JsonParser parser, String what) throws IOException {
        parser.nextToken();
        if (!PlanBuilder.EXTERNAL.equals(parser.currentName())) {
            throw new InputException(what + ": a number is needed, or {" + PlanBuilder.EXTERNAL + ": HOST}");
        }
        JsonToken token = parser.nextToken();
        if (!token.isScalarValue() && token != JsonToken.START_ARRAY) {
            throw new InputException(what + ": " + PlanBuilder.EXTERNAL + ": a host is needed, or a list of hosts");
        }
        String hosts = token.isScalarValue() ? text(parser, what) : String.join(",", plainValues(parser, what));
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            throw new InputException(
                    what + ": unknown key '" + parser.currentName() + "' beside " + PlanBuilder.EXTERNAL);
        }
        return hosts;
    }

    private static List<String> plainValues(JsonParser parser, String what) throws IOException {
        List<String> parts = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!parser.currentToken().isScalarValue()) {
                throw new InputException(what + ": a list of plain values is needed");
            }
            if (parts.size() == MAX_VALUES) {
                throw new InputException(what + ": has more than " + MAX_VALUES + " values");
            }
            parts.add(text(parser, what));
        }
        return parts;
    }

    private static String describe(JsonToken token) {
        return token == JsonToken.START_ARRAY ? "list" : "single value";
    }

    /** The plan as a YAML document that {@link #read} reads back to an equal plan. */
    public static String write(Plan plan) {
        try {
            return MAPPER.writeValueAsString(keys(plan));
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The plan's keys with their values, every default spelled out: texts, whole numbers, and lists and mappings of them. */
    public static Map<String, Object> keys(Plan plan) {
        Map<String, Object> keys = new LinkedHashMap<>();
        keys.put("name", plan.name());
        keys.put("agents", plan.agents());
        if (plan.external().isEmpty()) {
            keys.put("consumers", plan.consumers());
        } else {
            keys.put(
                    "consumers",
                    Map.of(
                            PlanBuilder.EXTERNAL,
                            plan.external().stream().map(String::valueOf).toList()));
            keys.put("consumer_patience", Durations.format(plan.consumerPatience()));
        }
        keys.put("rate", exact(plan));
        keys.put("size", plan.sizes().toString());
        keys.put("sizes", plan.dealing().toString());
        if (plan.weights().byLinkSpeed()) {
            keys.put("weights", plan.weights().toString());
        } else if (!plan.weights().given().isEmpty()) {
            keys.put("weights", plan.weights().given());
        }
        keys.put("duration", Durations.format(plan.duration()));
        keys.put("warmup", Durations.format(plan.warmup()));
        keys.put("drain", Durations.format(plan.drain()));
        keys.put("phase", plan.placement().toString());
        keys.put("on_full", plan.onFull().toString());
        keys.put("engine", plan.engine().toString());
        keys.put("wait", plan.waiting().toString());
        keys.put("measure", plan.measure().toString());
        if (plan.interfaceName() != null) {
            keys.put("interface", plan.interfaceName());
        }
        keys.put("channels", plan.channels());
        keys.put("data_port", plan.dataPort());
        keys.put("processing_time", Durations.format(plan.processingTime()));
        keys.put("workers", plan.workers());
        keys.put("seed", plan.seed());
        keys.put("gates", plan.gates().stream().map(Gate::text).collect(Collectors.toList()));
        return keys;
    }

    /** A plan's rate came in as a decimal, so it has a finite decimal form. */
    private static String exact(Plan plan) {
        if (plan.rate() == null) {
            return Rate.UNPACED;
        }
        return BigDecimal.valueOf(plan.rate().numerator())
                        .divide(BigDecimal.valueOf(plan.rate().denominator()))
                        .stripTrailingZeros()
                        .toPlainString()
                + "/s";
    }
}

package dev.freshet.coordinator.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.freshet.common.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;

/** {@code summary.json} as text and as a file. */
public final class SummaryJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private SummaryJson() {}

    public static String text(Summary summary) {
        try {
            return JSON.writeValueAsString(summary) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the file; it appears whole or not at all. */
    public static void write(ResultDirectory directory, Summary summary) throws IOException {
        Path target = directory.path().resolve(ResultDirectory.SUMMARY);
        Path part = target.resolveSibling(ResultDirectory.SUMMARY + ".part");
        try {
            Files.writeString(part, text(summary));
            Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    /**
     * Reads the file; the outcome is there even if it is of an older summary, which does not say it.
     *
     * @throws InputException if there is none, or it is not a summary
     */
    public static Summary read(ResultDirectory directory) {
        Path file = directory.path().resolve(ResultDirectory.SUMMARY);
        if (!Files.isRegularFile(file)) {
            throw new InputException("'" + directory.path() + "' has no " + ResultDirectory.SUMMARY
                    + ": its run did not come to an end");
        }
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException e) {
            throw notOne(file.toString(), e);
        }
    }

    /**
     * As {@link #read}, of a text.
     *
     * @param source where it is from, for the error
     * @throws InputException if it is not a summary
     */
    public static Summary parse(String source, String text) {
        try {
            Summary summary = JSON.readValue(text, Summary.class);
            if (Stream.of(summary.run(), summary.verdict(), summary.ledger(), summary.latency(), summary.agents())
                    .anyMatch(Objects::isNull)) {
                throw new InputException("'" + source + "' is not a summary (members are missing)");
            }
            return summary.withOutcome();
        } catch (JsonProcessingException e) {
            throw notOne(source, e);
        }
    }

    private static InputException notOne(String source, IOException e) {
        return new InputException(
                "'" + source + "' is not a summary ("
                        + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ")",
                e);
    }
}

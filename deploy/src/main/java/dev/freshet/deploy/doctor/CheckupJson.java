package dev.freshet.deploy.doctor;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.freshet.common.InputException;
import java.io.UncheckedIOException;

/** A {@link Checkup} as text, from one host to another. */
public final class CheckupJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .build();

    private CheckupJson() {}

    public static String text(Checkup checkup) {
        try {
            return JSON.writeValueAsString(checkup) + "\n";
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @param origin whose answer the text is, for the error
     * @throws InputException if it is not a whole checkup, or one of another format
     */
    public static Checkup parse(String origin, String text) {
        try {
            Checkup checkup = JSON.readValue(text, Checkup.class);
            if (checkup == null || checkup.format() != Checkup.FORMAT) {
                throw new InputException(origin + ": its checkup is of another format than " + Checkup.FORMAT
                        + "; another version of Freshet made it");
            }
            return checkup;
        } catch (JsonProcessingException e) {
            throw new InputException(
                    origin + ": what it answered is not a checkup ("
                            + e.getOriginalMessage().lines().findFirst().orElse("") + ")",
                    e);
        }
    }
}

package dev.freshet.coordinator.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.UncheckedIOException;

/** Records as the feed and the API write them. */
public final class FeedJson {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private FeedJson() {}

    public static String text(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package dev.freshet.deploy.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** A coordinator's JSON as the records that it was made from. Members that only a newer coordinator has are passed over. */
final class Answers {
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** Where nothing may be left out, not even what is null. */
    private static final JsonMapper WHOLE = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    private Answers() {}

    /** What is sent: an object of one text. */
    static String text(String member, String value) {
        return JSON.createObjectNode().put(member, value).toString();
    }

    /** @throws UnreadableAnswer if it is not one JSON object */
    static JsonNode object(String text) throws UnreadableAnswer {
        try {
            JsonNode tree = JSON.readTree(text);
            if (tree.isObject()) {
                return tree;
            }
        } catch (JsonProcessingException e) {
            throw new UnreadableAnswer("it is not JSON", e);
        }
        throw new UnreadableAnswer("it is not an object");
    }

    /** Members that are not there are null in the record. */
    static <T> T as(Class<T> type, JsonNode node) throws UnreadableAnswer {
        return as(JSON, type, node);
    }

    /** @throws UnreadableAnswer if a member is not there */
    static <T> T whole(Class<T> type, JsonNode node) throws UnreadableAnswer {
        return as(WHOLE, type, node);
    }

    private static <T> T as(JsonMapper mapper, Class<T> type, JsonNode node) throws UnreadableAnswer {
        if (!node.isObject()) {
            throw new UnreadableAnswer("an object is missing");
        }
        try {
            return mapper.treeToValue(node, type);
        } catch (JsonProcessingException e) {
            throw new UnreadableAnswer(
                    e.getOriginalMessage().lines().findFirst().orElse(""), e);
        }
    }
}

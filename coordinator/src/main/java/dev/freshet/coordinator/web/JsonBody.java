package dev.freshet.coordinator.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.freshet.coordinator.live.FeedJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** JSON as it comes and goes. */
final class JsonBody {
    static final String MEDIA_TYPE = "application/json";

    /** What is longer would take seconds to read as a number. */
    private static final int MAX_CHARACTERS = 1_000;

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private JsonBody() {}

    static Buffer of(Object value) {
        return Buffer.buffer(FeedJson.text(value));
    }

    /** Answers a request. */
    static void send(RoutingContext request, int status, Object value) {
        sendText(request, status, FeedJson.text(value));
    }

    /** Answers a request with what is JSON already. */
    static void sendText(RoutingContext request, int status, String json) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, MEDIA_TYPE)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end(json);
    }

    /**
     * The members of an object, as text; none if there is no body.
     *
     * @throws ProblemException if the body is not an object, or has another member or one that is not a plain value
     */
    static Map<String, String> members(RoutingContext request, Set<String> known) {
        Buffer body = request.body().buffer();
        if (body == null || body.length() == 0) {
            return Map.of();
        }
        Map<String, String> members = new LinkedHashMap<>();
        object(body).properties().forEach(member -> {
            if (!known.contains(member.getKey())) {
                throw Problem.of(400, "the body has a member '" + member.getKey() + "', which is none of " + known)
                        .exception();
            }
            if (!member.getValue().isValueNode() || member.getValue().isNull()) {
                throw Problem.of(400, member.getKey() + ": a plain value is needed")
                        .exception();
            }
            String text = member.getValue().asText();
            if (text.length() > MAX_CHARACTERS) {
                throw Problem.of(400, member.getKey() + ": has more than " + MAX_CHARACTERS + " characters")
                        .exception();
            }
            members.put(member.getKey(), text);
        });
        return members;
    }

    private static JsonNode object(Buffer body) {
        JsonNode tree;
        try {
            tree = JSON.readTree(body.getBytes());
        } catch (IOException e) {
            throw Problem.of(400, "the body is not JSON").exception();
        }
        if (!tree.isObject()) {
            throw Problem.of(400, "the body must be a JSON object").exception();
        }
        return tree;
    }
}

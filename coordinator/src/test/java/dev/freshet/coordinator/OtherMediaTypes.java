package dev.freshet.coordinator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.mediatype.ContentAnalyser;
import io.vertx.openapi.mediatype.MediaTypeRegistration;
import io.vertx.openapi.validation.ValidationContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the validator knows nothing of: problems, and a plan in YAML, are read as what they say; anything else is a text. */
final class OtherMediaTypes implements MediaTypeRegistration {
    @Override
    public ContentAnalyser createContentAnalyser(String type, Buffer content, ValidationContext context) {
        boolean plan = type.startsWith("application/yaml") && context == ValidationContext.REQUEST;
        boolean problem = type.equals("application/problem+json");
        return new ContentAnalyser() {
            @Override
            public void checkSyntacticalCorrectness() {
                // a text has no syntax, and what is no YAML is a text that no schema of a plan allows
            }

            @Override
            public Object transform() {
                return plan || problem ? read(content) : content.toString();
            }
        };
    }

    private static Object read(Buffer yaml) {
        try {
            Object tree = new YAMLMapper().readValue(yaml.getBytes(), Object.class);
            return tree instanceof Map<?, ?> ? new JsonObject(new ObjectMapper().writeValueAsString(tree)) : tree;
        } catch (IOException e) {
            return yaml.toString();
        }
    }

    @Override
    public boolean canHandle(String type) {
        return true;
    }

    @Override
    public List<String> supportedTypes() {
        return List.of("*/*");
    }
}

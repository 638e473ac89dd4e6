package dev.freshet.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.freshet.coordinator.web.WebServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.mediatype.MediaTypeRegistration;
import io.vertx.openapi.mediatype.MediaTypeRegistry;
import io.vertx.openapi.validation.RequestValidator;
import io.vertx.openapi.validation.ResponseValidator;
import io.vertx.openapi.validation.ValidatableResponse;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Holds exchanges against the API's own description, which is taken at its word: a member that it does not tell of is a failure, and so is a
 * request that it does not allow and that was carried out all the same.
 */
final class Contract {
    private static final long PATIENCE_SECONDS = 20;
    private static final Vertx VERTX = Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setUseDaemonThread(true));
    private static final Contract CONTRACT = new Contract();

    private final JsonObject document = strict(read());
    private final OpenAPIContract contract = await(OpenAPIContract.builder(VERTX)
            .mediaTypeRegistry(MediaTypeRegistry.createEmpty()
                    .register(MediaTypeRegistration.APPLICATION_JSON)
                    .register(new OtherMediaTypes()))
            .setContract(document.copy())
            .build());
    private final RequestValidator requests = RequestValidator.create(VERTX, contract);
    private final ResponseValidator responses = ResponseValidator.create(VERTX, contract);

    private Contract() {}

    /** That of the coordinator in this build. */
    static Contract ofCoordinator() {
        return CONTRACT;
    }

    private static JsonObject read() {
        try (InputStream in = WebServer.class.getResourceAsStream("openapi.yaml")) {
            Object tree = new YAMLMapper().readValue(in, Object.class);
            JsonObject document = new JsonObject(new ObjectMapper().writeValueAsString(tree));
            document.remove("servers"); // the library takes whole addresses only, and ours is wherever it is read
            return document;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Clients are to ignore members that they do not know; this test is not. */
    private static JsonObject strict(JsonObject node) {
        for (Map.Entry<String, Object> member : node) {
            strictly(member.getValue());
        }
        if (node.getValue("properties") instanceof JsonObject && !node.containsKey("additionalProperties")) {
            node.put("additionalProperties", false);
        }
        return node;
    }

    private static void strictly(Object value) {
        if (value instanceof JsonObject object) {
            strict(object);
        } else if (value instanceof JsonArray array) {
            array.forEach(Contract::strictly);
        }
    }

    /** What is described, as {@code METHOD /path/{parameter}}. */
    List<String> operations() {
        return contract.operations().stream()
                .map(operation -> operation.getHttpMethod() + " " + operation.getOpenAPIPath())
                .sorted()
                .toList();
    }

    /** Holds a request and its answer against the description. */
    void check(HttpRequest request, HttpResponse<String> response) {
        Operation operation = operation(request);
        if (operation == null) {
            assertThat(response.statusCode())
                    .as(request.method() + " " + request.uri() + ", which is not described")
                    .isBetween(400, 499);
            return;
        }
        String what = request.method() + " " + request.uri() + " -> " + response.statusCode() + " " + response.body();
        Throwable notAllowed =
                failure(requests.validate(DescribedRequest.of(request, operation), operation.getOperationId()));
        if (notAllowed != null) {
            assertThat(response.statusCode())
                    .as(what + ", which the description does not allow (" + notAllowed.getMessage() + ")")
                    .isBetween(400, 499);
        }
        Throwable notDescribed =
                failure(responses.validate(validatable(request, response), operation.getOperationId()));
        assertThat(notDescribed).as(what).isNull();
    }

    private static ValidatableResponse validatable(HttpRequest request, HttpResponse<String> response) {
        Map<String, String> headers = response.headers().map().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey,
                        header -> header.getValue().get(0),
                        (a, b) -> a,
                        () -> new TreeMap<>(String.CASE_INSENSITIVE_ORDER)));
        if (request.method().equals("HEAD") || response.statusCode() == 304) {
            return ValidatableResponse.create(response.statusCode(), headers);
        }
        String type = headers.getOrDefault("content-type", "none").split(";")[0];
        return ValidatableResponse.create(
                response.statusCode(),
                headers,
                Buffer.buffer(response.body()),
                response.statusCode() == 206 ? "*/*" : type); // a part of JSON is no JSON
    }

    private Operation operation(HttpRequest request) {
        return contract.operations().stream()
                .filter(operation -> operation.getHttpMethod().name().equals(request.method())
                        && DescribedRequest.pattern(operation)
                                .matcher(request.uri().getRawPath())
                                .matches())
                .min((a, b) -> Long.compare(parameters(a), parameters(b)))
                .orElse(null);
    }

    private static long parameters(Operation operation) {
        return operation.getOpenAPIPath().chars().filter(c -> c == '{').count();
    }

    /** Holds JSON against one of the description's schemas. */
    void checkSchema(String name, String json) {
        JsonObject schema = new JsonObject().put("$ref", "app:///#/components/schemas/" + name);
        OutputUnit result = contract.getSchemaRepository()
                .validator(io.vertx.json.schema.JsonSchema.of(schema))
                .validate(new JsonObject(json));
        assertThat(result.getValid())
                .as(name + " " + json + ": " + result.getErrors())
                .isTrue();
    }

    private static Throwable failure(Future<?> validation) {
        try {
            await(validation);
            return null;
        } catch (AssertionError e) {
            return e.getCause();
        }
    }

    private static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException("no verdict within " + PATIENCE_SECONDS + " s", e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

package dev.freshet.coordinator;

import io.vertx.core.buffer.Buffer;
import io.vertx.openapi.contract.Operation;
import io.vertx.openapi.validation.RequestParameter;
import io.vertx.openapi.validation.ValidatableRequest;
import java.net.URLDecoder;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Flow;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A client's request as a validator of the API's description has it. */
record DescribedRequest(
        Map<String, RequestParameter> pathParameters,
        Map<String, RequestParameter> query,
        Map<String, RequestParameter> headers,
        RequestParameter body,
        String contentType)
        implements ValidatableRequest {
    private static final Pattern PARAMETER = Pattern.compile("\\{([a-z]+)}");

    static DescribedRequest of(HttpRequest request, Operation operation) {
        Map<String, RequestParameter> headers = new HashMap<>();
        operation.getParameters().forEach(parameter -> {
            String value = request.headers().firstValue(parameter.getName()).orElse(null);
            headers.put(parameter.getName(), () -> value);
        });
        Buffer body = body(request);
        return new DescribedRequest(
                pathParameters(request, operation),
                query(request, operation),
                headers,
                () -> body,
                request.headers().firstValue("Content-Type").orElse(null));
    }

    /** Of its paths. Only that of a file has slashes in a parameter. */
    static Pattern pattern(Operation operation) {
        String path = operation.getOpenAPIPath().replace("{path}", "(?<path>.+)");
        return Pattern.compile(PARAMETER.matcher(path).replaceAll("(?<$1>[^/]+)"));
    }

    private static Map<String, RequestParameter> pathParameters(HttpRequest request, Operation operation) {
        Map<String, RequestParameter> parameters = new HashMap<>();
        Matcher path = pattern(operation).matcher(request.uri().getRawPath());
        Matcher names = PARAMETER.matcher(operation.getOpenAPIPath());
        while (path.matches() && names.find()) {
            String value = decoded(path.group(names.group(1)));
            parameters.put(names.group(1), () -> value);
        }
        return parameters;
    }

    private static Map<String, RequestParameter> query(HttpRequest request, Operation operation) {
        Map<String, String> given = new HashMap<>();
        String query = request.uri().getRawQuery();
        for (String part : query == null ? new String[0] : query.split("&")) {
            String[] pair = part.split("=", 2);
            given.put(decoded(pair[0]), pair.length == 2 ? decoded(pair[1]) : "");
        }
        Map<String, RequestParameter> parameters = new HashMap<>();
        operation.getParameters().forEach(parameter -> {
            String value = given.get(parameter.getName());
            parameters.put(parameter.getName(), () -> value);
        });
        return parameters;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private static Buffer body(HttpRequest request) {
        Buffer body = Buffer.buffer();
        request.bodyPublisher()
                .ifPresent(publisher -> publisher.subscribe(new Flow.Subscriber<>() {
                    @Override
                    public void onSubscribe(Flow.Subscription subscription) {
                        subscription.request(Long.MAX_VALUE);
                    }

                    @Override
                    public void onNext(ByteBuffer bytes) {
                        while (bytes.hasRemaining()) {
                            body.appendByte(bytes.get());
                        }
                    }

                    @Override
                    public void onError(Throwable broken) {
                        throw new AssertionError(broken);
                    }

                    @Override
                    public void onComplete() {}
                }));
        return body.length() == 0 ? null : body;
    }

    @Override
    public Map<String, RequestParameter> getCookies() {
        return Map.of();
    }

    @Override
    public Map<String, RequestParameter> getPathParameters() {
        return pathParameters;
    }

    @Override
    public Map<String, RequestParameter> getQuery() {
        return query;
    }

    @Override
    public Map<String, RequestParameter> getHeaders() {
        return headers;
    }

    @Override
    public RequestParameter getBody() {
        return body;
    }

    @Override
    public String getContentType() {
        return contentType;
    }
}

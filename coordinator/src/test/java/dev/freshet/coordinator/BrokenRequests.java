package dev.freshet.coordinator;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** Draws requests that no decent client would send, from a seed. None of them may be carried out. */
final class BrokenRequests {
    private static final List<String> ESCAPES = List.of(
            "../",
            "..%2f",
            "%2e%2e/",
            "%2e%2e%2f",
            "..%252f",
            "%252e%252e%252f",
            "..\\",
            "..%5c",
            "%00",
            "/",
            "%2f",
            "//",
            "./",
            "....//",
            "%c0%ae%c0%ae/",
            "agents/../",
            "agents/p1/..%2f..%2f",
            "file:///",
            "~/");
    private static final List<String> VALUES = List.of(
            "null",
            "-1",
            "1e999999999",
            "999999999999999999999999999",
            "[]",
            "{}",
            "[[[]]]",
            "{\"a\":{\"b\":1}}",
            "\"\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"*\"",
            "\"../../etc\"",
            "true",
            "0.1e-400",
            "\"-5/s\"",
            "\"NaN\"",
            "\"1000000000000000000/s\"");
    private static final List<String> KEYS = List.of(
            "name",
            "agents",
            "consumers",
            "rate",
            "size",
            "weights",
            "duration",
            "warmup",
            "gates",
            "interface",
            "seed",
            "channels");
    private static final List<String> METHODS = List.of(
            "DELETE",
            "PATCH",
            "TRACE",
            "OPTIONS",
            "CONNECT",
            "PUT",
            "POST",
            "GET",
            "HEAD",
            "get",
            "FETCH",
            "G\u00e9T",
            "");
    private static final List<String> HEADERS = List.of(
            "Content-Length: -1",
            "Content-Length: 99999999999999999999",
            "Content-Length: 5\r\nContent-Length: 6",
            "Transfer-Encoding: chunked\r\nContent-Length: 3",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: nothing",
            "Content-Type: ",
            "Content-Type: application/json; charset=utf-99",
            "Content-Encoding: gzip",
            "Expect: the-unexpected",
            "Host: ",
            "Host: [::1",
            "Host: a b",
            "Host: localhost:99999999",
            "Origin: \u0001",
            "Origin: http://[",
            "Authorization: Bearer",
            "Accept: */*;q=nothing",
            "Accept: ,,,;;;=",
            "Accept-Encoding: ;q=;",
            "Cookie: =;=;;=",
            "Last-Event-ID: ../../x",
            "If-None-Match: \"",
            "Upgrade: websocket\r\nConnection: Upgrade",
            "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: x",
            ": no name",
            "no colon",
            "X-Folded: a\r\n b: c",
            "X-Null: a\u0000b");

    private static final String NO_RUN = "20260101T000000Z-none";

    private final SplittableRandom random;
    private final String run;
    private final List<String> paths;
    private final List<Supplier<String>> kinds = List.of(
            this::brokenPlan,
            this::brokenBody,
            this::escape,
            this::range,
            this::wrongMethod,
            this::brokenHeader,
            this::brokenQuery);

    /** @param run the id of one that goes on */
    BrokenRequests(long seed, String run) {
        this.random = new SplittableRandom(seed);
        this.run = run;
        this.paths = List.of(
                "/",
                "/page/main.js",
                "/metrics",
                "/healthz",
                "/api/v1/fleet",
                "/api/v1/runs",
                "/api/v1/runs/" + run,
                "/api/v1/runs/" + run + "/rate",
                "/api/v1/runs/" + run + "/files",
                "/api/v1/runs/" + run + "/files/plan.yaml",
                "/api/v1/runs/" + run + "/charts",
                "/api/v1/runs/" + run + "/agents/p1/intervals",
                "/api/v1/compare");
    }

    /** A whole request, after which the connection is to close. */
    String next() {
        return oneOf(kinds).get();
    }

    /** What is no request, or not all of one. */
    String garbage() {
        return switch (random.nextInt(4)) {
            case 0 -> bytes(random.nextInt(1, 300));
            case 1 ->
                oneOf(METHODS) + " " + bytes(random.nextInt(1, 40)) + " HTTP/" + random.nextInt(10) + "."
                        + random.nextInt(10) + "\r\n\r\n";
            case 2 -> cut(next());
            default -> mutated(next().replace(run, NO_RUN)); // else a stop without its length might be a stop
        };
    }

    /** Beyond the limit, with its length told or not. */
    String huge() {
        int length = (1 << 20) + random.nextInt(1, 1 << 20);
        return random.nextBoolean()
                ? request(
                        "POST",
                        "/api/v1/runs",
                        "Content-Type: application/yaml\r\nContent-Length: " + length,
                        "#".repeat(length))
                : request(
                        "POST",
                        "/api/v1/runs",
                        "Content-Type: application/json\r\nTransfer-Encoding: chunked",
                        Integer.toHexString(length) + "\r\n" + " ".repeat(length) + "\r\n0\r\n\r\n");
    }

    private String brokenPlan() {
        String plan = switch (random.nextInt(7)) {
            case 0 -> cut("{\"name\":\"x\",\"agents\":2,\"rate\":\"100/s\",\"gates\":[\"loss == 0\"]}");
            case 1 -> "{\"" + oneOf(KEYS) + "\":" + oneOf(VALUES) + ",\"" + oneOf(KEYS) + "\":" + oneOf(VALUES) + "}";
            case 2 -> "[{\"a\":".repeat(random.nextInt(1, 20_000));
            case 3 -> "a: &a [x,x]\nb: &b [*a,*a,*a]\nagents: *" + oneOf(List.of("a", "b", "c")) + "\n";
            case 4 -> "agents: &a 2\n" + oneOf(KEYS) + ": *a\n";
            case 5 -> oneOf(KEYS) + ": " + "9".repeat(random.nextInt(1, 200_000));
            default -> oneOf(KEYS) + ": " + bytes(random.nextInt(1, 200));
        };
        return post("/api/v1/runs", oneOf(List.of("application/json", "application/yaml")), plan);
    }

    /** For a run that goes on; no mutation of these is a body that would be taken. */
    private String brokenBody() {
        boolean stop = random.nextBoolean();
        String body = switch (random.nextInt(5)) {
            case 0 ->
                "{\"" + (stop ? "reason" : "rate") + "\":"
                        + oneOf(List.of("[1]", "{}", "null", "\"\"", "tru", "\"" + "9".repeat(5_000) + "\""));
            case 1 -> "{\"other\":" + oneOf(VALUES) + "}";
            case 2 -> "[".repeat(random.nextInt(1, 50_000));
            case 3 -> "{\"a\":".repeat(random.nextInt(1, 5_000));
            default -> "\u00ff" + bytes(random.nextInt(1, 100));
        };
        return (stop ? "POST " : "PUT ")
                + post("/api/v1/runs/" + run + (stop ? "/stop" : "/rate"), "application/json", body)
                        .substring("POST ".length());
    }

    private String escape() {
        String start = oneOf(List.of(
                "/api/v1/runs/" + run + "/files/", "/api/v1/runs/", "/page/", "/api/v1/runs/" + run + "/agents/", "/"));
        StringBuilder path = new StringBuilder(start);
        for (int i = random.nextInt(1, 6); i > 0; i--) {
            path.append(oneOf(ESCAPES));
        }
        path.append(
                oneOf(List.of("secret", "etc/passwd", "results/secret", run + "/plan.yaml", "", "proc/self/environ")));
        return request("GET", path.toString(), "Accept: */*", "");
    }

    private String range() {
        String range = switch (random.nextInt(4)) {
            case 0 -> "bytes=" + random.nextLong() + "-" + random.nextLong();
            case 1 -> "bytes=" + random.nextInt(50) + "-" + random.nextInt(50);
            case 2 -> "bytes=" + "0-,".repeat(random.nextInt(1, 500));
            default ->
                oneOf(List.of(
                        "bytes=", "bytes=-", "bytes=--1", "lines=1-2", "bytes=a-b", "bytes=99999999999999999999-"));
        };
        return request("GET", "/api/v1/runs/" + run + "/files/plan.yaml", "Range: " + range, "");
    }

    private String wrongMethod() {
        return request(oneOf(METHODS), oneOf(paths), "Accept: */*", "");
    }

    private String brokenHeader() {
        String header = oneOf(HEADERS);
        boolean body = header.startsWith("Content-Length") || header.startsWith("Transfer-Encoding");
        // who announces a body and sends none is waited for
        return request("GET", oneOf(paths), header, body ? "0\r\n\r\n" : "");
    }

    private String brokenQuery() {
        String query =
                oneOf(List.of("limit=", "before=", "a=", "b=", "patience=", "dry_run=", "x=", "%zz", "%00=", "=&=&"));
        return request(
                "GET",
                oneOf(List.of("/api/v1/runs", "/api/v1/compare")) + "?" + query + random.nextLong() + "&a="
                        + oneOf(ESCAPES),
                "Accept: */*",
                "");
    }

    private static String post(String path, String type, String body) {
        return request("POST", path, "Content-Type: " + type + "\r\nContent-Length: " + body.length(), body);
    }

    private static String request(String method, String path, String header, String body) {
        String host = header.startsWith("Host:") ? "" : "Host: localhost\r\n";
        return method + " " + path + " HTTP/1.1\r\n" + host + "Connection: close\r\n" + header + "\r\n\r\n" + body;
    }

    private String cut(String text) {
        return text.substring(0, random.nextInt(1, text.length()));
    }

    private String mutated(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            bytes[random.nextInt(Math.min(bytes.length, 200))] = (byte) random.nextInt(256);
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private String bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private <T> T oneOf(List<T> all) {
        return all.get(random.nextInt(all.size()));
    }
}

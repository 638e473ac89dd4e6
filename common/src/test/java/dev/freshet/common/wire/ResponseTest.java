package dev.freshet.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.common.Cases;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ResponseTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<JsonNode> valid() {
        return ContractVectors.own("responses").stream();
    }

    static Stream<JsonNode> malformed() {
        return ContractVectors.own("malformed_responses").stream();
    }

    static Stream<JsonNode> sharedValid() {
        return ContractVectors.shared("responses").stream();
    }

    static Stream<JsonNode> sharedMalformed() {
        return ContractVectors.shared("malformed_responses").stream();
    }

    @ParameterizedTest
    @MethodSource({"valid", "sharedValid"})
    void a_valid_response_is_parsed(JsonNode vector) {
        byte[] text = vector.get("text").asText().getBytes(StandardCharsets.UTF_8);
        byte[] framed = new byte[text.length + 20];
        Arrays.fill(framed, (byte) '9');
        System.arraycopy(text, 0, framed, 7, text.length);
        Response response = new Response();

        assertThat(response.parse(framed, 7, text.length)).isTrue();

        assertThat(response.id()).isEqualTo(vector.get("msg_id").asText());
        assertThat(response.seq()).isEqualTo(vector.get("seq_n").asLong());
        assertThat(response.t2Micros()).isEqualTo(vector.get("t2").asLong());
        assertThat(response.t3Micros()).isEqualTo(vector.get("t3").asLong());
    }

    @ParameterizedTest
    @MethodSource({"malformed", "sharedMalformed"})
    void a_malformed_response_is_refused(JsonNode vector) {
        for (var charset : new java.nio.charset.Charset[] {StandardCharsets.UTF_8, StandardCharsets.ISO_8859_1}) {
            byte[] text = vector.get("text").asText().getBytes(charset);

            assertThat(new Response().parse(text, 0, text.length))
                    .as(vector.get("why").asText())
                    .isFalse();
        }
    }

    @Test
    void what_is_written_is_json_that_reads_back() {
        Cases.forEach(1000, random -> {
            String id = printable(random, Cases.between(random, 1, Request.MAX_ID_BYTES));
            long seq = Cases.between(random, 0, Long.MAX_VALUE);
            long t2 = Cases.between(random, 0, Long.MAX_VALUE);
            long t3 = Cases.between(random, 0, Long.MAX_VALUE);

            byte[] idBytes = id.getBytes(StandardCharsets.US_ASCII);
            ByteBuffer buffer = ByteBuffer.allocate(Response.MAX_BYTES);

            Response.write(buffer, idBytes, idBytes.length, seq, t2, t3);

            JsonNode json = JSON.readTree(buffer.array(), 0, buffer.position());
            assertThat(json.get("type").asText()).isEqualTo("response");
            assertThat(json.get("msg_id").asText()).isEqualTo(id);
            assertThat(json.get("status").asText()).isEqualTo("processed");
            Response response = new Response();
            assertThat(response.parse(buffer.array(), 0, buffer.position())).isTrue();
            assertThat(response.id()).isEqualTo(id);
            assertThat(response.seq())
                    .isEqualTo(seq)
                    .isEqualTo(json.get("seq_n").asLong());
            assertThat(response.t2Micros())
                    .isEqualTo(t2)
                    .isEqualTo(json.get("t2").asLong());
            assertThat(response.t3Micros())
                    .isEqualTo(t3)
                    .isEqualTo(json.get("t3").asLong());
        });
    }

    /** Any printable ASCII, and more often than by chance what JSON must escape or begins and ends the range. */
    private static String printable(SplittableRandom random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            char telling = Cases.oneOf(random, '"', '\\', '/', ' ', '~');
            char any = (char) Cases.between(random, ' ', '~');
            text.append(random.nextInt(4) == 0 ? telling : any);
        }
        return text.toString();
    }

    @Test
    void the_longest_response_fits_its_bound() {
        byte[] id = "\"".repeat(Request.MAX_ID_BYTES).getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocate(Response.MAX_BYTES);

        Response.write(buffer, id, id.length, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

        assertThat(new Response().parse(buffer.array(), 0, buffer.position())).isTrue();
    }

    @Test
    void the_number_behind_the_prefix_tells_whose_an_answer_is() {
        assertThat(idNumber("p1-42", "p1-")).isEqualTo(42);
        assertThat(idNumber("42", "")).isEqualTo(42);
        assertThat(idNumber("p12-42", "p1-")).isEqualTo(-1);
        assertThat(idNumber("p2-42", "p1-")).isEqualTo(-1);
        assertThat(idNumber("p1-", "p1-")).isEqualTo(-1);
        assertThat(idNumber("p1-4x", "p1-")).isEqualTo(-1);
        assertThat(idNumber("p1--4", "p1-")).isEqualTo(-1);
        assertThat(idNumber("p1-9223372036854775807", "p1-")).isEqualTo(Long.MAX_VALUE);
        assertThat(idNumber("p1-9223372036854775808", "p1-")).isEqualTo(-1);
        assertThat(idNumber("p1-00000000000000000001", "p1-")).isEqualTo(-1);
    }

    private static long idNumber(String id, String prefix) {
        byte[] json = ("{\"type\":\"response\",\"msg_id\":\"" + id + "\",\"seq_n\":1,\"t2\":1,\"t3\":2}")
                .getBytes(StandardCharsets.US_ASCII);
        Response response = new Response();
        assertThat(response.parse(json, 0, json.length)).isTrue();
        return response.idNumber(prefix.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void nesting_without_end_is_refused_and_costs_no_stack() {
        byte[] json = ("{\"x\":" + "[".repeat(1_000_000)).getBytes(StandardCharsets.US_ASCII);

        assertThat(new Response().parse(json, 0, json.length)).isFalse();
    }

    @Test
    void no_mutation_of_a_response_makes_the_parser_throw_or_read_beyond_the_end() {
        byte[] valid = ("{\"type\": \"response\", \"msg_id\": \"p1-\\u0031\", \"seq_n\": 123, \"t2\": 1700000000000100,"
                        + " \"t3\": 1700000000000500, \"x\": {\"y\": [1, -2.5e3, null, \"}\"]}}")
                .getBytes(StandardCharsets.US_ASCII);
        long seed = 20260102;
        SplittableRandom random = new SplittableRandom(seed);
        Response response = new Response();
        for (int i = 0; i < 50_000; i++) {
            byte[] mutated = Mutations.of(valid, random);
            int length = random.nextBoolean() ? mutated.length : random.nextInt(mutated.length + 1);
            boolean alone = response.parse(Arrays.copyOf(mutated, length), 0, length);
            String fields = alone ? response.seq() + " " + response.id() + " " + response.t2Micros() : "refused";

            boolean limited = response.parse(mutated, 0, length);

            String limitedFields =
                    limited ? response.seq() + " " + response.id() + " " + response.t2Micros() : "refused";
            assertThat(limitedFields).as("seed %d, case %d", seed, i).isEqualTo(fields);
        }
    }

    @Test
    void what_this_parser_takes_a_json_parser_takes_too() {
        byte[] valid = "{\"type\":\"response\",\"msg_id\":\"7\",\"seq_n\":7,\"t2\":1,\"t3\":2,\"x\":[-0.5e1,true]}"
                .getBytes(StandardCharsets.US_ASCII);
        long seed = 20260103;
        SplittableRandom random = new SplittableRandom(seed);
        Response response = new Response();
        int taken = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] mutated = Mutations.of(valid, random);
            if (response.parse(mutated, 0, mutated.length) && isAscii(mutated)) {
                taken++;
                int number = i;
                org.assertj.core.api.Assertions.assertThatCode(() -> JSON.readTree(mutated))
                        .as("seed %d, case %d: %s", seed, number, new String(mutated, StandardCharsets.US_ASCII))
                        .doesNotThrowAnyException();
            }
        }
        assertThat(taken).as("mutations that are still responses").isPositive();
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0) {
                return false;
            }
        }
        return true;
    }
}

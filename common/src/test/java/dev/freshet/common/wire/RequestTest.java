package dev.freshet.common.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.common.Cases;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RequestTest {
    private static final int PAYLOAD_START = 256;

    static Stream<JsonNode> valid() {
        return ContractVectors.own("requests").stream();
    }

    static Stream<JsonNode> malformed() {
        return ContractVectors.own("malformed_requests").stream();
    }

    static Stream<JsonNode> sharedValid() {
        return ContractVectors.shared("requests").stream();
    }

    static Stream<JsonNode> sharedMalformed() {
        return ContractVectors.shared("malformed_requests").stream();
    }

    /** An id that does not end in the number can be read, but no producer of ours writes it. */
    static Stream<JsonNode> written() {
        return Stream.concat(valid(), sharedValid())
                .filter(vector -> vector.get("msg_id")
                        .asText()
                        .endsWith(vector.get("seq_n").asText()));
    }

    @ParameterizedTest
    @MethodSource("written")
    void a_valid_request_is_written_byte_for_byte(JsonNode vector) {
        byte[] prefix = prefix(vector);
        int payload = vector.get("payload").asInt();
        ByteBuffer buffer = ByteBuffer.allocateDirect(PAYLOAD_START + payload);
        for (int i = 0; i < payload; i++) {
            buffer.put(PAYLOAD_START + i, (byte) 'x');
        }

        int start = Request.writeHeaderBefore(
                buffer,
                PAYLOAD_START,
                prefix,
                vector.get("seq_n").asLong(),
                vector.get("t1").asLong());

        byte[] written = new byte[buffer.limit() - start];
        buffer.get(start, written);
        assertThat(new String(written, StandardCharsets.ISO_8859_1))
                .isEqualTo(vector.get("body").asText());
        assertThat(buffer.position()).isZero();
        assertThat(Request.headerLength(prefix, vector.get("seq_n").asLong())).isEqualTo(PAYLOAD_START - start);
    }

    private static byte[] prefix(JsonNode vector) {
        String id = vector.get("msg_id").asText();
        String seq = vector.get("seq_n").asText();
        String prefix = id.substring(0, id.length() - seq.length());
        return prefix.isEmpty() ? Request.idPrefix(null) : Request.idPrefix(prefix.substring(0, prefix.length() - 1));
    }

    @ParameterizedTest
    @MethodSource({"valid", "sharedValid"})
    void a_valid_request_is_parsed_from_heap_and_direct_buffers_without_moving_them(JsonNode vector) {
        byte[] body = vector.get("body").asText().getBytes(StandardCharsets.ISO_8859_1);
        Request request = new Request();
        for (ByteBuffer buffer : List.of(ByteBuffer.wrap(body), direct(body))) {
            buffer.position(Math.min(5, body.length));

            assertThat(request.parse(buffer)).isTrue();

            assertThat(buffer.position()).isEqualTo(5);
            assertThat(request.seq()).isEqualTo(vector.get("seq_n").asLong());
            assertThat(request.id()).isEqualTo(vector.get("msg_id").asText());
            assertThat(request.t1Micros()).isEqualTo(vector.get("t1").asLong());
            assertThat(body.length - request.headerLength())
                    .isEqualTo(vector.get("payload").asInt());
            byte[] id = new byte[80];
            assertThat(request.copyId(id, 3)).isEqualTo(request.idLength());
            assertThat(new String(id, 3, request.idLength(), StandardCharsets.US_ASCII))
                    .isEqualTo(request.id());
        }
    }

    private static ByteBuffer direct(byte[] bytes) {
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    @ParameterizedTest
    @MethodSource({"malformed", "sharedMalformed"})
    void a_malformed_request_is_refused(JsonNode vector) {
        byte[] body = vector.get("body").asText().getBytes(StandardCharsets.UTF_8);

        assertThat(new Request().parse(ByteBuffer.wrap(body)))
                .as(vector.get("why").asText())
                .isFalse();
        assertThat(new Request().parse(direct(body)))
                .as(vector.get("why").asText())
                .isFalse();
    }

    @Test
    void a_header_cut_at_any_byte_is_refused() {
        byte[] body = "request|seq_n=42|msg_id=p1-42|t1=00001763884800999999|data=".getBytes(StandardCharsets.US_ASCII);
        Request request = new Request();
        for (int length = 0; length < body.length; length++) {
            assertThat(request.parse(ByteBuffer.wrap(body).limit(length)))
                    .as("%d bytes", length)
                    .isFalse();
        }
        assertThat(request.parse(ByteBuffer.wrap(body))).isTrue();
    }

    @Test
    void what_is_written_is_read_back() {
        Cases.forEach(1000, random -> {
            long seq = Cases.between(random, 0, Long.MAX_VALUE);
            long t1Micros = Cases.between(random, 0, Long.MAX_VALUE);
            boolean fleet = random.nextBoolean();

            byte[] prefix = Request.idPrefix(fleet ? "daq-7.eth1_b" : null);
            ByteBuffer buffer = ByteBuffer.allocate(Request.MAX_HEADER_BYTES);

            int start = Request.writeHeaderBefore(buffer, buffer.limit(), prefix, seq, t1Micros);

            Request request = new Request();
            assertThat(request.parse(buffer.position(start).slice())).isTrue();
            assertThat(request.seq()).isEqualTo(seq);
            assertThat(request.t1Micros()).isEqualTo(t1Micros);
            assertThat(request.id()).isEqualTo((fleet ? "daq-7.eth1_b-" : "") + seq);
            assertThat(request.headerLength())
                    .isEqualTo(buffer.limit() - start)
                    .isEqualTo(Request.headerLength(prefix, seq));
        });
    }

    @Test
    void no_mutation_of_a_request_makes_the_parser_throw_or_read_beyond_the_limit() {
        byte[] valid = "request|seq_n=4294967296|msg_id=p12-4294967296|t1=00001763884800123460|data=xxxxxxxx"
                .getBytes(StandardCharsets.US_ASCII);
        long seed = 20260101;
        SplittableRandom random = new SplittableRandom(seed);
        Request request = new Request();
        for (int i = 0; i < 50_000; i++) {
            byte[] mutated = Mutations.of(valid, random);
            int limit = random.nextInt(mutated.length + 1);
            boolean alone = request.parse(ByteBuffer.wrap(Arrays.copyOf(mutated, limit)));
            String fields = alone ? request.seq() + " " + request.id() + " " + request.t1Micros() : "refused";

            boolean limited = request.parse(ByteBuffer.wrap(mutated).limit(limit));

            String limitedFields = limited ? request.seq() + " " + request.id() + " " + request.t1Micros() : "refused";
            assertThat(limitedFields).as("seed %d, case %d", seed, i).isEqualTo(fields);
            if (limited) {
                assertThat(request.headerLength())
                        .as("seed %d, case %d", seed, i)
                        .isLessThanOrEqualTo(limit);
            }
        }
    }

    @Test
    void a_body_of_up_to_255_bytes_goes_into_a_short_frame() {
        assertThat(Request.framingBytes(255)).isEqualTo(2 + 7 + 2);
        assertThat(Request.framingBytes(256)).isEqualTo(2 + 7 + 9);
    }
}

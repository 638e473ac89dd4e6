package dev.freshet.agent.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InboundTest {
    private static final int STREAMS = 60;
    private static final int FUZZED_STREAMS = 5_000;

    private static List<String> whole(byte[] stream) {
        return Stream.read(stream, () -> Integer.MAX_VALUE);
    }

    private static byte[] afterHandshake(byte... frames) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(Greeting.ours());
        stream.writeBytes(Command.ready("SUB"));
        stream.writeBytes(frames);
        return stream.toByteArray();
    }

    private static List<String> signatureIn(int greetedBytes) {
        return greetedBytes < Greeting.SIGNATURE_BYTES ? List.of() : List.of("SIGNATURE");
    }

    private static String complaint(byte[] stream) {
        List<String> told = whole(stream);
        return told.get(told.size() - 1);
    }

    @Test
    void a_stream_that_comes_byte_by_byte_or_in_any_pieces_says_what_it_says_in_one_piece() {
        for (long seed = 0; seed < STREAMS; seed++) {
            byte[] stream = Stream.inOrder(seed);
            List<String> told = whole(stream);
            assertThat(told).startsWith("SIGNATURE", "GREETING", "READY").noneMatch(part -> part.contains("flags"));
            SplittableRandom random = new SplittableRandom(seed);
            assertThat(Stream.read(stream, () -> 1))
                    .as("seed %d, byte by byte", seed)
                    .isEqualTo(told);
            assertThat(Stream.read(stream, () -> 1 + random.nextInt(300)))
                    .as("seed %d, in pieces", seed)
                    .isEqualTo(told);
        }
    }

    @Test
    void whatever_comes_is_read_or_complained_about_the_same_in_any_pieces() {
        int complaints = 0;
        for (long seed = 0; seed < FUZZED_STREAMS; seed++) {
            byte[] stream = Stream.withFaults(seed);
            List<String> told = whole(stream);
            complaints += told.isEmpty() || !told.get(told.size() - 1).matches("[A-Z]+|(command|more|last) .*") ? 1 : 0;
            SplittableRandom random = new SplittableRandom(seed);
            assertThat(Stream.read(stream, () -> 1 + random.nextInt(2000)))
                    .as("seed %d", seed)
                    .isEqualTo(told);
        }
        assertThat(complaints).isBetween(FUZZED_STREAMS / 4, FUZZED_STREAMS - FUZZED_STREAMS / 10);
    }

    @Test
    void of_a_message_the_beginning_is_kept_and_of_a_command_all() {
        byte[] message = ByteBuffer.allocate(9 + 5000)
                .put((byte) 2)
                .putLong(5000)
                .put(9 + 4999, (byte) 7)
                .array();
        byte[] command = message.clone();
        command[0] = 6;
        ByteBuffer.wrap(command).putLong(1, FrameReader.MAX_COMMAND_BYTES);
        assertThat(whole(afterHandshake(message))).last().isEqualTo("last 5000 " + "00".repeat(Stream.KEPT_BYTES));
        assertThat(whole(afterHandshake(Arrays.copyOf(command, 9 + FrameReader.MAX_COMMAND_BYTES))))
                .last()
                .isEqualTo("command 4096 " + "00".repeat(FrameReader.MAX_COMMAND_BYTES));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x08, 0x10, 0x80, 0xff, 0x05, 0x07, 0x0c})
    void flags_that_do_not_exist_and_commands_that_go_on_are_no_frames(int flags) {
        assertThat(complaint(afterHandshake((byte) flags, (byte) 0)))
                .isEqualTo("a frame begins with the flags " + flags + ", which do not exist");
    }

    @ParameterizedTest
    @CsvSource({
        "2, -1, 18446744073709551615, 100000",
        "3, -9223372036854775808, 9223372036854775808, 100000",
        "2, 100001, 100001, 100000",
        "2, 2147483647, 2147483647, 100000",
        "6, 4097, 4097, 4096",
        "6, -1, 18446744073709551615, 4096"
    })
    void a_frame_that_announces_too_much_is_refused_before_it_comes(int flags, long length, String told, int most) {
        byte[] frame = ByteBuffer.allocate(9).put((byte) flags).putLong(length).array();
        assertThat(complaint(afterHandshake(frame)))
                .isEqualTo("a frame of " + told + " bytes, where " + most + " is the most that is taken");
    }

    @Test
    void a_greeting_that_is_cut_anywhere_is_waited_for_and_no_complaint() {
        for (int length = 0; length < Greeting.BYTES; length++) {
            assertThat(whole(Arrays.copyOf(Greeting.ours(), length))).isEqualTo(signatureIn(length));
        }
        assertThat(whole(Greeting.ours())).containsExactly("SIGNATURE", "GREETING");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 71, it does not speak ZMTP",
        "9, 0, 'it does not speak ZMTP, or a version below 2'",
        "10, 1, it speaks a version of ZMTP below 3",
        "10, 2, it speaks a version of ZMTP below 3",
        "12, 80, its mechanism is not NULL",
        "16, 76, its mechanism is not NULL",
        "31, 1, its mechanism is not NULL"
    })
    void a_greeting_of_another_kind_is_refused_at_the_byte_that_shows_it(int at, byte value, String reason) {
        byte[] greeting = Greeting.ours();
        greeting[at] = value;
        assertThat(whole(Arrays.copyOf(greeting, at))).isEqualTo(signatureIn(at));
        assertThat(complaint(Arrays.copyOf(greeting, at + 1))).isEqualTo(reason);
    }

    @Test
    void later_versions_and_what_fills_a_greeting_are_of_no_account() {
        byte[] greeting = Greeting.ours();
        greeting[3] = 9;
        greeting[10] = 4;
        greeting[11] = 0;
        greeting[32] = 1;
        greeting[63] = 5;
        assertThat(whole(greeting)).containsExactly("SIGNATURE", "GREETING");
        assertThat(Greeting.knowsSubscribeCommand(greeting)).isTrue();
        greeting[10] = 3;
        assertThat(Greeting.knowsSubscribeCommand(greeting)).isFalse();
        assertThat(Greeting.knowsSubscribeCommand(Greeting.ours())).isTrue();
    }

    @Test
    void after_the_greeting_comes_a_ready_of_a_socket_that_fits() {
        assertThat(complaint(joined(Greeting.ours(), Command.ready("PUB")))).startsWith("its socket is none of ");
        assertThat(complaint(joined(Greeting.ours(), Command.subscribe("request", false))))
                .isEqualTo("it greets, and then says something else than READY");
        assertThat(complaint(joined(Greeting.ours(), Command.subscribe("request", true))))
                .isEqualTo("it greets, and then says something else than READY");
        assertThat(complaint(joined(Greeting.ours(), new byte[] {4, 6, 5, 'R', 'E', 'A', 'D', 'Y'})))
                .isEqualTo("its READY names no type of socket");
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}

package dev.freshet.common.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.Cases;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DigitsTest {
    private static byte[] bytes(long digits) {
        return ByteBuffer.allocate(Long.BYTES).putLong(digits).array();
    }

    /** Each half is made on its own, and of each of its 10,000 values. */
    @Test
    void eight_digits_are_what_java_writes_and_are_read_as_what_they_were() {
        for (int half = 0; half < 10_000; half++) {
            long value = half * 10_000L + (9_999 - half);
            assertThat(bytes(Digits.of(value)))
                    .asString(StandardCharsets.US_ASCII)
                    .isEqualTo("%08d".formatted(value));
            assertThat(Digits.read(bytes(Digits.of(value)), 0)).isEqualTo(value);
        }
    }

    @Test
    void leading_zeros_are_counted_and_the_last_digit_is_none_of_them() {
        assertThat(Digits.leadingZeros(Digits.of(0))).isEqualTo(7);
        assertThat(Digits.leadingZeros(Digits.of(9))).isEqualTo(7);
        assertThat(Digits.leadingZeros(Digits.of(10))).isEqualTo(6);
        assertThat(Digits.leadingZeros(Digits.of(99_999_999))).isZero();
    }

    @Test
    void what_holds_anything_but_digits_is_not_read() {
        for (int place = 0; place < Long.BYTES; place++) {
            for (int character = 0; character < 256; character++) {
                byte[] text = "12345678".getBytes(StandardCharsets.US_ASCII);
                text[place] = (byte) character;
                boolean digit = character >= '0' && character <= '9';
                assertThat(Digits.read(text, 0) >= 0)
                        .as("%d at %d", character, place)
                        .isEqualTo(digit);
            }
        }
    }

    @Test
    void digits_are_read_from_any_place() {
        Cases.forEach(100, random -> {
            long value = Cases.between(random, 0, Digits.EIGHT - 1);
            byte[] text = ("xyz" + "%08d".formatted(value) + "z").getBytes(StandardCharsets.US_ASCII);
            assertThat(Digits.read(text, 3)).isEqualTo(value);
        });
    }
}

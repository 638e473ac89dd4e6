package dev.freshet.common.units;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BitRateTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 bit/s",
        "999, 999 bit/s",
        "999.6, 1 kbit/s",
        "62500, 62.5 kbit/s",
        "100000000, 100 Mbit/s",
        "250000000, 250 Mbit/s",
        "247960000, 248 Mbit/s",
        "1000000000, 1 Gbit/s",
        "2500000000, 2.5 Gbit/s",
        "40000000000, 40 Gbit/s",
        "9.996e12, 10 Tbit/s",
        "5e15, 5000 Tbit/s"
    })
    void three_digits_say_how_fast_a_link_is(double bitsPerSecond, String text) {
        assertThat(BitRate.format(bitsPerSecond)).isEqualTo(text);
    }
}

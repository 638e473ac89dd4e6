package dev.freshet.common.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import dev.freshet.common.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "100, 100",
        "100B, 100",
        "16KiB, 16384",
        "16 kib, 16384",
        "1.5MiB, 1572864",
        "1.5MB, 1500000",
        "1GB, 1000000000",
        "2GiB, 2147483648",
        "0, 0"
    })
    void sizes_are_read_exactly(String text, long bytes) {
        assertThat(ByteSize.parse("--size", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "10XB,  '--size: ''10XB'' is not a size (examples: 100B, 16KiB, 1MiB, 1.5MB)'",
        "-1,    '--size: ''-1'' is not a size (examples: 100B, 16KiB, 1MiB, 1.5MB)'",
        "'',    '--size: '''' is not a size (examples: 100B, 16KiB, 1MiB, 1.5MB)'",
        "1.5B,  '--size: ''1.5B'' is not a whole number of bytes below 2^63'",
        "99999999999GiB, '--size: ''99999999999GiB'' is not a whole number of bytes below 2^63'"
    })
    void what_is_no_size_is_refused_in_one_line(String text, String message) {
        assertThatThrownBy(() -> ByteSize.parse("--size", text))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Test
    void what_is_written_reads_back() {
        Cases.forEach(1000, random -> {
            long bytes = Cases.between(random, 0, Long.MAX_VALUE);
            long few = Cases.between(random, 0, 4096);

            assertThat(ByteSize.parse("--size", ByteSize.format(bytes))).isEqualTo(bytes);
            assertThat(ByteSize.parse("--size", ByteSize.format(few << 20))).isEqualTo(few << 20);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "999, 999 B",
        "1000, 1.00 kB",
        "1048576000, 1.05 GB",
        "10500000000, 10.5 GB",
        "999499999, 999 MB",
        "999500000, 1.00 GB",
        "9995000, 10.0 MB",
        "99950000, 100 MB"
    })
    void people_get_three_significant_digits(double bytes, String shown) {
        assertThat(ByteSize.humanDecimal(bytes)).isEqualTo(shown);
        assertThat(ByteSize.formatPerSecond(bytes)).isEqualTo(shown + "/s");
    }
}

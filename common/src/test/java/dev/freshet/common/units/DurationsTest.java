package dev.freshet.common.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import dev.freshet.common.InputException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "10, 10000000000",
        "10s, 10000000000",
        "500ms, 500000000",
        "20us, 20000",
        "1.5us, 1500",
        "7 ns, 7",
        "2m, 120000000000",
        "1.5h, 5400000000000",
        "0, 0"
    })
    void durations_are_read_exactly(String text, long nanos) {
        assertThat(Durations.parse("--duration", text)).isEqualTo(Duration.ofNanos(nanos));
    }

    @ParameterizedTest
    @CsvSource({
        "soon,  '--duration: ''soon'' is not a duration (examples: 10s, 500ms, 2m, 1.5h)'",
        "-1s,   '--duration: ''-1s'' is not a duration (examples: 10s, 500ms, 2m, 1.5h)'",
        "10S,   '--duration: ''10S'' is not a duration (examples: 10s, 500ms, 2m, 1.5h)'",
        "0.5ns, '--duration: ''0.5ns'' is not a whole number of nanoseconds below 292 years'",
        "9999999h, '--duration: ''9999999h'' is not a whole number of nanoseconds below 292 years'"
    })
    void what_is_no_duration_is_refused_in_one_line(String text, String message) {
        assertThatThrownBy(() -> Durations.parse("--duration", text))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Test
    void what_is_written_reads_back() {
        Cases.forEach(1000, random -> {
            long nanos = Cases.between(random, 0, Long.MAX_VALUE);
            int seconds = Cases.between(random, 0, 100_000);

            for (Duration duration : new Duration[] {Duration.ofNanos(nanos), Duration.ofSeconds(seconds)}) {
                assertThat(Durations.parse("--duration", Durations.format(duration)))
                        .isEqualTo(duration);
            }
        });
    }

    @ParameterizedTest
    @CsvSource({"0, 0 us", "87.4, 87 us", "1240, 1.24 ms", "123456, 123 ms", "2010000, 2.01 s", "-1240, -1.24 ms"})
    void people_get_a_fitting_unit(double micros, String shown) {
        assertThat(Durations.humanMicros(micros)).isEqualTo(shown);
    }
}

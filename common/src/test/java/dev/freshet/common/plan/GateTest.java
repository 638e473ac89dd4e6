package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
    @ParameterizedTest
    @CsvSource({
        "loss == 0, loss, ==, 0",
        "loss<0.1%, loss, <, 0.001",
        "' total.p99 < 5ms ', total.p99, <, 5000",
        "total.p99.9 <= 1s, total.p99.9, <=, 1000000",
        "clock_offset.min > -2ms, clock_offset.min, >, -2000",
        "throughput >= 1GB/s, throughput, >=, 1000000000",
        "throughput >= 1GiB, throughput, >=, 1073741824",
        "rate != 1000/s, rate, !=, 1000",
        "sent >= 99.5 %, sent, >=, 0.995",
        "unanswered == 0, unanswered, ==, 0"
    })
    void a_gate_is_read_in_the_base_unit_of_its_subject(
            String text, String subject, String operator, double threshold) {
        Gate gate = Gate.parse("--gate", text);

        assertThat(gate.text()).isEqualTo(text.strip());
        assertThat(gate.subject()).isEqualTo(subject);
        assertThat(gate.operator()).isEqualTo(operator);
        assertThat(gate.threshold()).isEqualTo(threshold);
        assertThat(gate.isShare()).isEqualTo(text.contains("%"));
    }

    @ParameterizedTest
    @CsvSource({
        "loss < 5, true, false, false",
        "loss <= 5, true, true, false",
        "loss > 5, false, false, true",
        "loss >= 5, false, true, true",
        "loss == 5, false, true, false",
        "loss != 5, true, false, true"
    })
    void a_gate_holds_below_at_and_above_its_threshold(String text, boolean below, boolean at, boolean above) {
        Gate gate = Gate.parse("--gate", text);

        assertThat(gate.holds(4)).isEqualTo(below);
        assertThat(gate.holds(5)).isEqualTo(at);
        assertThat(gate.holds(6)).isEqualTo(above);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = ';',
            value = {
                "loss; 'loss' is not a gate",
                "loss = 0; 'loss = 0' is not a gate",
                "loss == none; 'none' in 'loss == none' is not a number or a percentage",
                "loss == NaN; 'NaN' in 'loss == NaN' is not a number or a percentage",
                "total.p99 < 5%; '5%' is not a duration",
                "total.p98 < 5ms; 'total.p98' in 'total.p98 < 5ms' is not known",
                "speed.p99 < 5ms; 'speed.p99' in 'speed.p99 < 5ms' is not known",
                "throughput > fast; 'fast' is not a size",
                "rate > fast; 'fast' is not a rate",
                "velocity > 1; 'velocity' in 'velocity > 1' is not known"
            })
    void what_is_no_gate_is_refused_in_one_line(String text, String part) {
        assertThatThrownBy(() -> Gate.parse("--gate", text))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("--gate: " + part)
                .satisfies(e -> assertThat(e.getMessage().lines()).hasSize(1));
    }
}

package dev.freshet.coordinator.results;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.Gate;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.Summary.Load;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateCheckTest {
    private static final Load ACHIEVED = new Load(990.0, 1e6, 10.0, 0.99e9, "received");
    private static final LedgerFigures LEDGER =
            new LedgerFigures(10_000, 9_900, 60, 40, 9_890L, 10L, 9_880, 10L, 9_870, 10, true);
    private static final Percentiles TIMED =
            new Percentiles(9_870, 0, 1_000.5, 10L, 900L, 1_100L, 2_000L, 4_990L, 8_000L, 9_000L);
    private static final Map<String, Percentiles> LATENCY = Map.of("total", TIMED, "lateness", Percentiles.NONE);

    private static GateResult checked(Load achieved, LedgerFigures ledger, String gate) {
        return new GateCheck(achieved, ledger, LATENCY)
                .check(List.of(Gate.parse("--gate", gate)))
                .get(0);
    }

    @ParameterizedTest
    @CsvSource({
        "loss == 0, 10, false",
        "loss <= 10, 10, true",
        "loss < 0.1%, 0.00101010101, false",
        "loss < 0.2%, 0.00101010101, true",
        "skipped <= 0.6%, 0.006, true",
        "cancelled == 40, 40, true",
        "sent >= 99%, 0.99, true",
        "late < 10, 10, false",
        "throughput >= 1GB/s, 0.99e9, false",
        "rate > 980/s, 990, true",
        "total.p99 < 5ms, 4990, true",
        "total.p99.9 < 5ms, 8000, false",
        "total.mean < 1ms, 1000.5, false"
    })
    void a_gate_is_held_against_the_figure_it_names(String gate, double actual, boolean passed) {
        GateResult result = checked(ACHIEVED, LEDGER, gate);
        assertThat(result.text()).isEqualTo(gate);
        assertThat(result.actual()).isCloseTo(actual, org.assertj.core.data.Percentage.withPercentage(1e-6));
        assertThat(result.passed()).isEqualTo(passed);
        assertThat(result.reason()).isNull();
    }

    @Test
    void a_figure_that_is_not_known_passes_no_gate_and_says_why() {
        LedgerFigures unknown = new LedgerFigures(10, 10, 0, 0, null, null, 10, null, 10, 0, true);
        assertThat(checked(ACHIEVED, unknown, "loss == 0"))
                .isEqualTo(new GateResult(
                        "loss == 0", null, false, "what was received is not known: no consumer of ours told"));
        assertThat(checked(ACHIEVED, LEDGER, "lateness.p99 < 1ms"))
                .isEqualTo(new GateResult("lateness.p99 < 1ms", null, false, "nothing was timed"));
        Load nothing = new Load(null, null, 0.0, null, "sent");
        assertThat(checked(nothing, LEDGER, "rate > 1/s").passed()).isFalse();
    }
}

package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.common.units.Rate;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanBuilderTest {
    @Test
    void the_default_plan_is_the_main_job() {
        Plan plan = new PlanBuilder().build();

        assertThat(plan.agents()).isEqualTo(4);
        assertThat(plan.consumers()).isEqualTo(1);
        assertThat(plan.rate()).isEqualTo(Rate.perSecond(1000));
        assertThat(plan.duration()).isEqualTo(Duration.ofSeconds(10));
        assertThat(plan.bytesPerSecond()).isEqualTo(1000.0 * (1 << 20));
        assertThat(plan.placement()).isEqualTo(Placement.STAGGERED);
        assertThat(plan.onFull()).isEqualTo(OnFull.SKIP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agents | 0 | --agents: '0' is not a whole number from 1 to 1000",
                "agents | many | --agents: 'many' is not a whole number from 1 to 1000",
                "agents | 1001 | --agents: '1001' is not a whole number from 1 to 1000",
                "agents | 99999999999 | --agents: '99999999999' is not a whole number from 1 to 1000",
                "consumers | -1 | --consumers: '-1' is not a whole number from 0 to 1000",
                "rate | -1 | --rate: '-1' must be above zero",
                "rate | 0 | --rate: '0' must be above zero",
                "size | 10XB | --size: '10XB' is not a size (examples: 100B, 16KiB, 1MiB, 1.5MB)",
                "duration | 0s | --duration: '0s' must be above zero",
                "warmup | 1.5s | --warmup: '1.5s' must be whole seconds, so that every interval lies in one phase",
                "phase | together | --phase: 'together' is not one of staggered, aligned, random",
                "on_full | drop | --on-full: 'drop' is not one of skip, wait",
                "sizes | both | --sizes: 'both' is not one of mix, deal",
                "name | ../x | --name: '../x' is not a name (letters, digits, '.', '_', '-'; at most 64)",
                "interface | '' | --interface: '' is not an interface's name or address (at most 64 characters, no spaces)",
                "interface | a b | --interface: 'a b' is not an interface's name or address (at most 64 characters, no spaces)",
                "data_port | 65536 | --data-port: '65536' is not a whole number from 0 to 65535",
                "weights | 1,x | --weights: 'x' is neither a whole number from 1 to 1000000 nor link-speed",
                "gates | loss | --gates: 'loss' is not a gate (examples: 'loss == 0', 'total.p99 < 5ms', 'throughput >= 1GB/s')",
                "ratte | 1 | --ratte: unknown key 'ratte' (did you mean 'rate'?)",
                "on-ful | 1 | --on-ful: unknown key 'on-ful' (did you mean 'on_full'?)"
            })
    void wrong_input_gets_one_line_with_option_rule_and_value(String key, String value, String message) {
        assertThatThrownBy(() -> Plans.of(key, value))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Test
    void values_that_are_each_right_must_fit_together() {
        assertThatThrownBy(() -> Plans.of("data_port", "65530", "agents", "4"))
                .isInstanceOf(InputException.class)
                .hasMessage("data_port: 65530 leaves no room below 65536 for 4 agents with 2 ports each");
        assertThatThrownBy(() -> Plans.of("duration", "720h", "warmup", "1s"))
                .isInstanceOf(InputException.class)
                .hasMessage("duration: 720h is above the longest run, 720h");
    }

    @Test
    void a_later_value_replaces_an_earlier_one_and_gates_add_up() {
        Plan plan = Plans.of("rate", "1/s", "rate", "2/s", "gates", "loss == 0", "gates", "late < 1%");

        assertThat(plan.rate()).isEqualTo(Rate.perSecond(2));
        assertThat(plan.gates()).extracting(Gate::text).containsExactly("loss == 0", "late < 1%");
    }
}

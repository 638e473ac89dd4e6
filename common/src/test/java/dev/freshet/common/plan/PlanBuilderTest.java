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
        assertThat(plan.engine()).isEqualTo(Engine.DIRECT);
        assertThat(plan.waiting()).isEqualTo(Waiting.HYBRID);
        assertThat(plan.measure()).isEqualTo(Measure.ALL);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "agents | 0 | --agents: '0' is not a whole number from 1 to 1000",
                "agents | many | --agents: 'many' is not a whole number from 1 to 1000",
                "agents | 1001 | --agents: '1001' is not a whole number from 1 to 1000",
                "agents | 99999999999 | --agents: '99999999999' is not a whole number from 1 to 1000",
                "consumers | external | --consumers: an external consumer needs a host (external:HOST or external:HOST:PORT)",
                "consumers | external: | --consumers: '' is not an external consumer (HOST or HOST:PORT, the port from 1 to 65535)",
                "consumers | external:daq1:70000 | --consumers: 'daq1:70000' is not an external consumer (HOST or HOST:PORT, the port from 1 to 65535)",
                "consumers | external:a b | --consumers: 'a b' is not an external consumer (HOST or HOST:PORT, the port from 1 to 65535)",
                "consumer_patience | 0s | --consumer-patience: '0s' must be above zero",
                "consumers | -1 | --consumers: '-1' is not a whole number from 0 to 1000",
                "rate | -1 | --rate: '-1' must be above zero",
                "rate | 0 | --rate: '0' must be above zero",
                "size | 10XB | --size: '10XB' is not a size (examples: 100B, 16KiB, 1MiB, 1.5MB)",
                "duration | 0s | --duration: '0s' must be above zero",
                "warmup | 1.5s | --warmup: '1.5s' must be whole seconds, so that every interval lies in one phase",
                "phase | together | --phase: 'together' is not one of staggered, aligned, random",
                "on_full | drop | --on-full: 'drop' is not one of skip, wait",
                "engine | libzmq | --engine: 'libzmq' is not one of direct, jeromq",
                "wait | busy | --wait: 'busy' is not one of sleep, hybrid, spin",
                "measure | 1/0 | --measure: '1/0' is not all, none, or 1/N with N from 1 to 1000000000",
                "measure | some | --measure: 'some' is not all, none, or 1/N with N from 1 to 1000000000",
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

    @Test
    void with_an_external_consumer_the_ports_are_the_contracts_unless_they_are_given() {
        Plan plan = Plans.of("consumers", "external:daq9", "agents", "2");

        assertThat(plan.consumers()).isZero();
        assertThat(plan.external()).containsExactly(new ExternalConsumer("daq9", 5556));
        assertThat(plan.external().get(0).endpoint()).isEqualTo("tcp://daq9:5556");
        assertThat(plan.dataPort(0)).isEqualTo(5555);
        assertThat(plan.controlPort(0)).isEqualTo(5557);
        assertThat(plan.dataPort(1)).isEqualTo(5558);
        assertThat(plan.controlPort(1)).isEqualTo(5560);
        assertThat(Plans.of("consumers", "external:daq9", "data_port", "7000").controlPort(0))
                .isEqualTo(7002);
        assertThat(Plans.of("consumers", "external:daq9", "data_port", "0").controlPort(0))
                .isZero();
    }

    @Test
    void external_consumers_are_dealt_to_the_producers_in_turn() {
        Plan plan = Plans.of("consumers", "external:a:1,b:2", "agents", "3");

        assertThat(plan.externalOf(0)).hasToString("a:1");
        assertThat(plan.externalOf(1)).hasToString("b:2");
        assertThat(plan.externalOf(2)).hasToString("a:1");
        assertThat(Plans.of("agents", "3").externalOf(0)).isNull();
    }

    @Test
    void an_external_consumer_without_a_producer_is_refused() {
        assertThatThrownBy(() -> Plans.of("consumers", "external:a,b,c", "agents", "2"))
                .isInstanceOf(InputException.class)
                .hasMessage("consumers: 3 external ones for 2 agents, so that one would have no producer");
    }

    @Test
    void consumers_given_last_replace_external_ones_that_were_given_before() {
        Plan plan = new PlanBuilder()
                .set("plan.yaml line 1: consumers", "consumers", "external:a")
                .set("--consumers", "consumers", "2")
                .build();

        assertThat(plan.consumers()).isEqualTo(2);
        assertThat(plan.external()).isEmpty();
        assertThat(plan.dataPort()).isZero();
    }

    @Test
    void an_unpaced_plan_has_no_rate_and_waits_at_the_high_water_mark() {
        Plan plan = Plans.of("rate", "max", "gates", "rate >= 1000/s", "gates", "total.p99 < 5ms");

        assertThat(plan.rate()).isNull();
        assertThat(plan.bytesPerSecond()).isNull();
        assertThat(plan.onFull()).isEqualTo(OnFull.WAIT);
        assertThat(Plans.of("rate", "max", "rate", "5/s").onFull()).isEqualTo(OnFull.SKIP);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "on_full | skip | on_full: skip does not go with rate: max, which waits at the high-water mark (on_full: wait)",
                "weights | 1,1,1,2 | weights: with rate: max there is no rate to be shared",
                "weights | link-speed | weights: with rate: max there is no rate to be shared",
                "gates | lateness.p99 < 1ms | gates: 'lateness.p99 < 1ms' does not go with rate: max, where no message has an intended time",
                "gates | response_time.max < 1s | gates: 'response_time.max < 1s' does not go with rate: max, where no message has an intended time"
            })
    void what_needs_a_rate_does_not_go_with_max(String key, String value, String message) {
        assertThatThrownBy(() -> Plans.of("rate", "max", key, value))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }
}

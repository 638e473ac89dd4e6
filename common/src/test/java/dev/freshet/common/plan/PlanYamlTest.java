package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.freshet.common.Cases;
import dev.freshet.common.InputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanYamlTest {
    private static Plan read(String text) {
        PlanBuilder builder = new PlanBuilder();
        PlanYaml.read("plan.yaml", text, builder);
        return builder.build();
    }

    private static Plan plan(SplittableRandom random) {
        String duration = Cases.oneOf(random, "1ns", "1500ms", "90s", "2h", "10s", "1234567us");
        return Plans.of(
                "name",
                Cases.oneOf(random, "run", "null", "true", "1e3", "0x10", "007", "2026-01-01", "a.b-c_d", "no"),
                "rate",
                Cases.oneOf(random, "1000/s", "0.001/s", "333333.333/s", "10M/s", "0.5"),
                "size",
                Cases.oneOf(random, "0B", "1MiB", "16KiB:3,1MiB:1", "1000000B"),
                "duration",
                duration,
                "interface",
                Cases.oneOf(random, "eth0", "lo", "null", "~", "#1", "a:b", "{x}", "'q'", "-", "eth0:1"),
                "agents",
                "3",
                "weights",
                "1,2,3",
                "gates",
                Cases.oneOf(random, "loss == 0", "late < 1%", "total.p99 < 5ms", "rate != 1/s", "sent > 1e3"),
                "gates",
                "skipped == 0",
                "seed",
                "" + Cases.between(random, 0, Integer.MAX_VALUE),
                "warmup",
                "3s",
                "phase",
                "random",
                "on_full",
                "wait",
                "engine",
                Cases.oneOf(random, "direct", "jeromq"),
                "wait",
                Cases.oneOf(random, "sleep", "hybrid", "spin"),
                "measure",
                Cases.oneOf(random, "all", "none", "1/1", "1/100"),
                "sizes",
                "deal",
                "processing_time",
                duration);
    }

    @Test
    void a_written_plan_reads_back_to_an_equal_one() {
        Cases.forEach(1000, random -> {
            Plan plan = plan(random);

            assertThat(read(PlanYaml.write(plan))).isEqualTo(plan);
        });
    }

    @Test
    void the_default_plan_is_written_with_every_default_spelled_out() {
        assertThat(PlanYaml.write(new PlanBuilder().build())).isEqualTo("""
                        name: run
                        agents: 4
                        consumers: 1
                        rate: 1000/s
                        size: 1MiB
                        sizes: mix
                        duration: 10s
                        warmup: 2s
                        drain: 5s
                        phase: staggered
                        on_full: skip
                        engine: direct
                        wait: hybrid
                        measure: all
                        channels: 1
                        data_port: 0
                        processing_time: 0s
                        workers: 1
                        seed: 1
                        gates: []
                        """);
    }

    @Test
    void what_the_file_leaves_out_keeps_its_default() {
        Plan plan = read("rate: 5/s # slow\ninterface:\ngates:\n  - loss == 0\n  - 'total.p99 < 5ms'\nweights: []\n");

        assertThat(plan.rate().hertz()).isEqualTo(5);
        assertThat(plan.agents()).isEqualTo(4);
        assertThat(plan.interfaceName()).isNull();
        assertThat(plan.gates()).hasSize(2);
        assertThat(plan.weights()).isEqualTo(Weights.EQUAL);
    }

    @Test
    void a_mix_and_weights_may_be_lists() {
        Plan plan = read("agents: 2\nsize: [16KiB:3, 1MiB:1]\nweights:\n- 1\n- 3\n");

        assertThat(plan.sizes()).hasToString("16KiB:3,1MiB:1");
        assertThat(plan.weights().given()).containsExactly(1, 3);
    }

    @Test
    void external_consumers_are_read_from_a_mapping_and_written_as_such() {
        Plan one = read("consumers: {external: daq9}\n");
        assertThat(one.external()).containsExactly(new ExternalConsumer("daq9", 5556));
        Plan several = read("consumers:\n  external:\n  - daq9:6000\n  - 10.0.0.7\nconsumer_patience: 2m\n");
        assertThat(several.external()).extracting(String::valueOf).containsExactly("daq9:6000", "10.0.0.7:5556");
        assertThat(read(PlanYaml.write(one))).isEqualTo(one);
        assertThat(read(PlanYaml.write(several))).isEqualTo(several);
    }

    @Test
    void weights_by_link_speed_are_read_and_written_as_such() {
        Plan plan = read("weights: link-speed\n");

        assertThat(plan.weights()).isEqualTo(Weights.LINK_SPEED);
        assertThat(PlanYaml.write(plan)).contains("weights: link-speed\n");
        assertThat(read(PlanYaml.write(plan))).isEqualTo(plan);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "agents: 2|ratte: 5/s; plan.yaml line 2: ratte: unknown key 'ratte' (did you mean 'rate'?)",
                "|# a comment|processing-time: 1ms; plan.yaml line 3: processing-time: unknown key 'processing-time' (did you mean 'processing_time'?)",
                "rat: [1, 2]; plan.yaml line 1: rat: unknown key 'rat' (did you mean 'rate'?)",
                "agents: 2|rate: -1; plan.yaml line 2: rate: '-1' must be above zero",
                "rate: [1, 2]; plan.yaml line 1: rate: a plain value is needed, not a list",
                "rate: {a: 1}; plan.yaml line 1: rate: a plain value is needed, not a mapping",
                "gates: {a: 1}; plan.yaml line 1: gates: a plain value is needed, or a list, not a mapping",
                "consumers: {outside: daq9}; plan.yaml line 1: consumers: a number is needed, or {external: HOST}",
                "consumers: {}; plan.yaml line 1: consumers: a number is needed, or {external: HOST}",
                "consumers: {external: {a: 1}}; plan.yaml line 1: consumers: external: a host is needed, or a list of hosts",
                "consumers: {external: a, port: 1}; plan.yaml line 1: consumers: unknown key 'port' beside external",
                "gates: [[1]]; plan.yaml line 1: gates: a list of plain values is needed",
                "rate: 1/s|agents: 2|rate: 2/s; plan.yaml line 3: rate: stands here a second time",
                "rate: 1/s|---|rate: 2/s; plan.yaml line 3: one file holds one plan, here a second one begins",
                "- rate; plan.yaml line 1: a plan is a list of 'key: value' lines, not a list",
                "rate; plan.yaml line 1: a plan is a list of 'key: value' lines, not a single value",
                "''; plan.yaml: a plan is a list of 'key: value' lines, and there is none",
                "# nothing; plan.yaml: a plan is a list of 'key: value' lines, and there is none"
            })
    void an_error_names_the_line_the_key_and_the_rule(String text, String message) {
        assertThatThrownBy(() -> read(text.replace('|', '\n')))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"gates: [1; 1", "rate: 1|'  agents: 2|: :'; 2", "{; 1", "rate: \"1; 1", "rate: @x; 1"})
    void what_is_not_yaml_is_told_in_one_line(String text, int line) {
        assertThatThrownBy(() -> read(text.replace('|', '\n')))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("plan.yaml line ")
                .hasMessageContaining("not YAML (")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    @Test
    void no_text_gets_anything_but_a_plan_or_one_line() {
        String valid = "name: x\nrate: 5/s\nsize: [1KiB:1, 2KiB]\ngates:\n  - 'loss == 0'\ninterface: ~\n";
        String telling = ":-[]{}#&*!|>'\"%@`,?\n\t ~\0\u0007\u00e9\ud800x0";
        long seed = 20260105;
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder text = new StringBuilder(valid);
            for (int n = 1 + random.nextInt(5); n > 0; n--) {
                int at = random.nextInt(text.length());
                char with = telling.charAt(random.nextInt(telling.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.setCharAt(at, with);
                    case 1 -> text.insert(at, with);
                    default -> text.setLength(at + 1);
                }
            }
            try {
                read(text.toString());
            } catch (InputException e) {
                assertThat(e.getMessage().lines())
                        .as("seed %d, case %d", seed, i)
                        .hasSize(1);
            } catch (RuntimeException | StackOverflowError e) {
                throw new AssertionError("seed " + seed + ", case " + i + ": " + text, e);
            }
        }
    }

    @Test
    void what_grows_while_it_is_read_or_never_ends_is_refused_at_once() {
        refused("agents: &a 2\nchannels: *a\n", "line 2: channels", "alias");
        refused("gates: [&a 'loss == 0', *a]\n", "gates", "alias");
        StringBuilder laughs = new StringBuilder("a: &a [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
        for (char c = 'b'; c <= 'i'; c++) {
            String before = "*" + (char) (c - 1);
            laughs.append(c + ": &" + c + " [" + String.join(", ", Collections.nCopies(10, before)) + "]\n");
        }
        refused(laughs.toString(), "line 1", "unknown key 'a'");
        refused("rate: " + "9".repeat(1 << 20) + "\n", "line 1: rate", "10000 is the most");
        refused("? " + "k".repeat(1 << 20) + "\n: 1\n", "a key");
        refused("gates: [" + "loss == 0,".repeat(1 << 16) + "]\n", "gates", "1000 values");
        refused("gates: " + "[".repeat(1 << 19), "gates");
        refused("[".repeat(1 << 19), "list");
        refused("{".repeat(1 << 19), "");
        refused("size: " + "- ".repeat(1 << 19), "");
    }

    private static void refused(String text, String... inMessage) {
        assertTimeoutPreemptively(
                Duration.ofSeconds(10),
                () -> assertThatThrownBy(() -> read(text))
                        .isInstanceOf(InputException.class)
                        .hasMessageContainingAll(inMessage));
    }

    @Test
    void a_file_that_cannot_be_read_is_named_with_the_reason(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("none.yaml");
        Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});

        assertThatThrownBy(() -> PlanYaml.read(missing, new PlanBuilder()))
                .isInstanceOf(InputException.class)
                .hasMessage("--plan: cannot read '" + missing + "' (no such file)");
        assertThatThrownBy(() -> PlanYaml.read(binary, new PlanBuilder()))
                .isInstanceOf(InputException.class)
                .hasMessage("--plan: cannot read '" + binary + "' (not UTF-8 text)");
        assertThatThrownBy(() -> PlanYaml.read(folder, new PlanBuilder()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("--plan: cannot read '" + folder + "' (");
    }

    @Test
    void errors_in_a_file_name_it(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("p.yaml"), "rate: no\n", StandardCharsets.UTF_8);

        assertThatThrownBy(() -> PlanYaml.read(file, new PlanBuilder()))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith(file + " line 1: rate: 'no' is not a rate");
    }

    @Test
    void an_unpaced_plan_is_written_as_such_and_reads_back() {
        Plan plan = Plans.of("rate", "max");

        assertThat(PlanYaml.write(plan)).contains("rate: max\n").contains("on_full: wait\n");
        assertThat(read(PlanYaml.write(plan))).isEqualTo(plan);
    }
}

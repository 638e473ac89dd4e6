package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What wrong input gets: one line that names option, rule and value, exit code 2, and nothing half done. */
class WrongInputTest {
    @TempDir
    private Path directory;

    /** Runs a command in this process, and returns the one line that it said. */
    private String refused(String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code;
        try {
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            code = Freshet.run(arguments);
        } finally {
            System.setErr(before);
        }
        String line = said.toString(StandardCharsets.UTF_8);
        assertThat(code).as(line).isEqualTo(2);
        assertThat(line.lines().count()).as(line).isEqualTo(1);
        return line.strip();
    }

    private Path plan(String text) throws IOException {
        return Files.writeString(directory.resolve("plan.yaml"), text);
    }

    @Test
    void an_unknown_key_in_a_plan_names_key_line_and_the_nearest_known_one() throws IOException {
        Path plan = plan("name: night\nagent: 4\n");
        assertThat(refused("run", "--plan", plan.toString()))
                .contains("plan.yaml line 2", "'agent'", "did you mean 'agents'");
    }

    @Test
    void a_plan_that_is_not_yaml_names_the_line() throws IOException {
        assertThat(refused("run", "--plan", plan("name: night\n  rate: [1\n").toString()))
                .contains("plan.yaml", "line");
        assertThat(refused("run", "--plan", plan("just words").toString())).contains("plan.yaml");
        assertThat(refused("run", "--plan", directory.resolve("none.yaml").toString()))
                .contains("none.yaml", "no such file");
    }

    @Test
    void a_value_that_breaks_a_rule_is_named_with_its_option() {
        assertThat(refused("run", "--size", "10XB")).contains("--size", "'10XB'");
        assertThat(refused("run", "--rate", "-1")).contains("--rate", "'-1'", "above zero");
        assertThat(refused("run", "--agents", "0")).contains("--agents", "'0'", "from 1 to 1000");
        assertThat(refused("run", "--duration", "soon")).contains("--duration", "'soon'");
        assertThat(refused("run", "--warmup", "1500ms")).contains("--warmup", "whole seconds");
        assertThat(refused("run", "--phase", "sideways")).contains("--phase", "staggered, aligned, random");
        assertThat(refused("run", "--gate", "loss is zero")).contains("--gate", "'loss is zero'");
        assertThat(refused("run", "--gate", "total.p98 < 5ms")).contains("--gate", "total.p98");
        assertThat(refused("run", "--agents", "3", "--weights", "1,2")).contains("weights", "2 given for 3 agents");
        assertThat(refused("run", "--no-such-option")).contains("--no-such-option");
    }

    @Test
    void an_interface_that_does_not_exist_is_answered_with_those_that_do() {
        assertThat(refused("run", "--interface", "lo99")).contains("--interface", "'lo99'", "127.0.0.1");
        assertThat(refused("producer", "-i", "lo99")).contains("-i", "'lo99'", "127.0.0.1");
        assertThat(refused(
                        "agent", "--role", "producer", "--coordinator", "tcp://127.0.0.1:5550", "--interface", "lo99"))
                .contains("--interface", "'lo99'", "127.0.0.1");
    }

    @Test
    void what_the_doctor_cannot_look_at_is_named() {
        assertThat(refused("doctor", "--interface", "lo99")).contains("--interface", "'lo99'", "127.0.0.1");
        assertThat(refused("doctor", "--ports", "5550-99999")).contains("--ports", "'5550-99999'", "65535");
        assertThat(refused("doctor", "--rate", "fast")).contains("--rate", "'fast'");
    }

    @Test
    void a_port_in_use_is_named_with_who_asked_for_it() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = String.valueOf(taken.getLocalPort());
            assertThat(refused("run", "--data-port", port, "--agents", "1"))
                    .contains("--data-port", "port " + port, "in use", "agent 1's channel 0");
            assertThat(refused("run", "--control-port", port)).contains("--control-port", "port " + port, "in use");
            assertThat(refused("coordinator", "--control-port", port))
                    .contains("--control-port", "port " + port, "in use");
            assertThat(refused("coordinator", "--control-port", "0", "--port", port))
                    .contains("--port", "port " + port, "in use");
            assertThat(refused("run", "--port", port)).contains("--port", "port " + port, "in use");
        }
    }

    @Test
    void an_output_directory_that_cannot_be_written_is_named_and_nothing_is_started() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(refused("run", "--out", file.toString())).contains("--out", file.toString());
    }

    @Test
    void an_endpoint_role_or_directory_that_is_none_is_named() {
        assertThat(refused("agent", "--role", "producer", "--coordinator", "localhost"))
                .contains("--coordinator", "'localhost'");
        assertThat(refused("agent", "--role", "watcher", "--coordinator", "tcp://127.0.0.1:1"))
                .contains("--role", "'watcher'");
        assertThat(refused("report", directory.toString())).contains(directory.toString());
        assertThat(refused("run", "--namespace", "load")).contains("--namespace", "--kubernetes");
        assertThat(refused("coordinator", "--listen", "0.0.0.0")).contains("--listen", "beyond loopback");
    }

    @Test
    void a_token_or_certificate_that_is_none_is_named() throws IOException {
        String nothing = directory.resolve("nothing").toString();
        String file = Files.writeString(directory.resolve("file"), "text that is long enough")
                .toString();
        assertThat(refused("coordinator", "--control-port", "0", "--token-file", nothing))
                .contains("--token-file", nothing, "no such file");
        assertThat(refused("coordinator", "--control-port", "0", "--tls-cert", file))
                .contains("--tls-cert", "--tls-key");
        assertThat(refused("coordinator", "--control-port", "0", "--tls-cert", file, "--tls-key", file))
                .contains("--tls-cert", file, "BEGIN CERTIFICATE");
        assertThat(refused("coordinator", "--control-port", "0", "--port", "65536"))
                .contains("--port", "65536");
    }

    @Test
    void keys_that_are_missing_or_meant_for_another_are_named() {
        String fleet = directory.resolve("fleet").toString();
        assertThat(refused("coordinator", "--keys", fleet)).contains("--keys", fleet, "freshet keys --out");
        assertThat(refused("keys", "--out", fleet)).contains("names of agents");
        assertThat(refused("keys", "--out", fleet, "../p1")).contains("'../p1'");
        assertThat(Freshet.run("keys", "--out", fleet, "p1")).isZero();
        assertThat(refused("keys", "--out", fleet, "p1")).contains("'p1'", "already");
        String key = fleet + "/agents/p1.key";
        assertThat(refused(
                        "agent",
                        "--role",
                        "producer",
                        "--coordinator",
                        "tcp://127.0.0.1:1",
                        "--key",
                        key,
                        "--name",
                        "p2"))
                .contains("--name", "'p2'", "'p1'");
        assertThat(refused("agent", "--role", "producer", "--coordinator", "tcp://127.0.0.1:1", "--key", key + "x"))
                .contains(key + "x", "no such file");
        assertThat(refused("coordinator", "--listen", "0.0.0.0")).contains("--keys", "--insecure");
    }

    @Test
    void wrong_options_of_the_single_producer_and_consumer_are_named() {
        assertThat(refused("consumer", "-channels", "0")).contains("-channels", "0");
        assertThat(refused("consumer", "--workers", "0")).contains("-workers", "0");
        assertThat(refused("consumer", "-producer-ip", "no-such-host.invalid"))
                .contains("-producer-ip", "no-such-host.invalid");
        assertThat(refused("producer", "--viz-ip", "")).contains("-viz-ip");
        assertThat(refused("producer", "-s", "1XB")).contains("-s", "'1XB'");
        assertThat(refused("run", "--data-port", "7001", "--control-port", "7002"))
                .contains("--control-port", "7002");
    }

    @Test
    void hosts_that_do_not_fit_the_plan_are_refused_before_any_is_reached() {
        assertThat(refused("run", "--hosts", "daq1,daq2:eth0:x")).contains("--hosts", "'daq2:eth0:x'");
        assertThat(refused("run", "--hosts", "daq1,daq2")).contains("--consumer-hosts", "external:HOST");
        assertThat(refused("run", "--hosts", "daq1,daq2", "--agents", "1", "--consumers", "0"))
                .contains("--hosts", "places for 2 agents", "the plan has 1");
        assertThat(refused("run", "--hosts", "daq1", "--hosts-file", "hosts")).contains("--hosts-file", "not both");
        assertThat(refused("run", "--hosts", "daq1", "--consumer-hosts", "here"))
                .contains("--interface", "c1", "here:IF");
    }

    @Test
    void hosts_are_looked_at_by_a_dry_run_as_well_and_an_address_for_nobody_is_refused() {
        assertThat(refused("run", "--dry-run", "--hosts", "daq1,daq2")).contains("--consumer-hosts");
        assertThat(refused("run", "--advertise", "10.0.0.1")).contains("--advertise", "10.0.0.1");
    }

    @Test
    void two_ways_to_other_hosts_at_once_are_refused() {
        assertThat(refused("run", "--kubernetes", "--image", "i", "--hosts", "daq1", "--consumers", "0"))
                .contains("--kubernetes", "--hosts");
        assertThat(refused("run", "--kubernetes", "--image", "i", "--slurm")).contains("--kubernetes", "--slurm");
        assertThat(refused("run", "--image", "i")).contains("--image", "--kubernetes");
        assertThat(refused("run", "--listen", "no-such-host.invalid")).contains("--listen", "no-such-host.invalid");
    }

    @Test
    void a_summary_that_is_none_is_named() throws IOException {
        plan("name: x\n");
        Path summary = Files.writeString(directory.resolve("summary.json"), "{}");
        assertThat(refused("report", directory.toString())).contains(summary.toString(), "members are missing");
    }
}

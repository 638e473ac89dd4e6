package dev.freshet.deploy.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.deploy.doctor.check.Finding;
import dev.freshet.deploy.doctor.check.Level;
import dev.freshet.deploy.doctor.host.Commands;
import dev.freshet.deploy.doctor.host.FakeHost;
import dev.freshet.deploy.doctor.host.Host;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckupTest {
    private static final Checkup DAQ1 = checkup(
            "daq1",
            new Finding(Level.OK, "timing", "a sleep of 1 ms ends 60 us late at the median, 90 us at p99", List.of()),
            new Finding(Level.NOTE, "java", "Java 17.0.15; 25 is the newest", List.of("sudo apt-get install java")),
            new Finding(Level.WARNING, "governor", "powersave on 4 of 4", List.of("cpupower", "echo   # or so")));

    private static final Checkup DAQ2 = checkup(
            "daq2",
            new Finding(Level.FAILURE, "link", "eth1 is down", List.of("sudo ip link set dev eth1 up")),
            new Finding(Level.WARNING, "governor", "powersave on 8 of 8", List.of()),
            new Finding(Level.UNKNOWN, "clock", "chronyc is not installed", List.of()),
            new Finding(Level.OK, "memory", "16.4 GB of memory available", List.of()));

    @TempDir
    private Path root;

    private static Checkup checkup(String host, Finding... findings) {
        return new Checkup(
                Checkup.FORMAT, host, "0.1.0", "2026-11-23T17:01:02Z", "eth1", "10.9.0.2", List.of(findings));
    }

    @Test
    void a_checkup_goes_through_json_unchanged() {
        String text = CheckupJson.text(DAQ2);
        assertThat(CheckupJson.parse("daq2", text)).isEqualTo(DAQ2);
        assertThat(text).contains("\"worst\" : \"failure\"", "\"interface\" : \"eth1\"", "\"level\" : \"unknown\"");
    }

    @Test
    void a_member_that_a_newer_version_added_is_passed_over() {
        String newer = CheckupJson.text(DAQ1).replace("\"host\"", "\"kernel\" : \"6.18\", \"host\"");
        assertThat(CheckupJson.parse("daq1", newer)).isEqualTo(DAQ1);
    }

    @Test
    void what_is_not_a_checkup_is_refused_with_whose_it_was() {
        String whole = CheckupJson.text(DAQ1);
        for (String wrong : List.of(
                "",
                "null",
                "bash: freshet: command not found",
                "{}",
                whole.replace("\"format\" : 1", "\"format\" : 2"),
                whole.replace("\"remedy\"", "\"cure\""),
                whole.replace("\"warning\"", "\"dreadful\""))) {
            assertThatThrownBy(() -> CheckupJson.parse("daq1", wrong))
                    .as(wrong)
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith("daq1: ");
        }
    }

    @Test
    void one_host_is_shown_with_all_its_findings_the_worst_first() {
        assertThat(CheckupTable.of(List.of(DAQ1), false)).isEqualTo("""
                        daq1 (eth1 10.9.0.2): 1 warning, 1 note, 1 ok

                          WARNING  governor  powersave on 4 of 4
                                               cpupower
                                               echo   # or so
                          note     java      Java 17.0.15; 25 is the newest
                                               sudo apt-get install java
                          ok       timing    a sleep of 1 ms ends 60 us late at the median, 90 us at p99
                        """);
    }

    @Test
    void several_hosts_are_shown_in_one_table_without_what_is_in_order() {
        assertThat(CheckupTable.of(List.of(DAQ1, DAQ2), false)).isEqualTo("""
                        daq1 (eth1 10.9.0.2): 1 warning, 1 note, 1 ok
                        daq2 (eth1 10.9.0.2): 1 failure, 1 warning, 1 unknown, 1 ok

                          FAILURE  daq2  link      eth1 is down
                                                     sudo ip link set dev eth1 up
                          WARNING  daq1  governor  powersave on 4 of 4
                                                     cpupower
                                                     echo   # or so
                          WARNING  daq2  governor  powersave on 8 of 8
                          unknown  daq2  clock     chronyc is not installed
                          note     daq1  java      Java 17.0.15; 25 is the newest
                                                     sudo apt-get install java
                        """);
    }

    @Test
    void colour_is_on_the_levels_only_and_changes_no_width() {
        String plain = CheckupTable.of(List.of(DAQ1), false);
        String colored = CheckupTable.of(List.of(DAQ1), true);
        assertThat(colored).contains("  \u001b[33mWARNING\u001b[0m  governor");
        assertThat(colored.replaceAll("\u001b\\[[0-9;]*m", "")).isEqualTo(plain);
    }

    @Test
    void what_another_host_says_cannot_talk_to_the_terminal() {
        Finding finding = new Finding(Level.NOTE, "ports", "held by \u001b]0;x\u0007evil\nport", List.of("kill\r1"));
        assertThat(finding.text()).isEqualTo("held by  ]0;x evil port");
        assertThat(finding.remedy()).containsExactly("kill 1");
    }

    @Test
    void a_host_that_tells_nothing_is_examined_to_the_end() {
        Checkup checkup = new Doctor(FakeHost.empty(root).host(), "odd", "0.1.0").examine(FakeHost.intent());
        Set<String> checks = checkup.findings().stream().map(Finding::check).collect(Collectors.toSet());
        assertThat(checks).hasSize(15).contains("timing", "disk", "link-errors", "java");
        assertThat(checkup.findings())
                .filteredOn(finding -> !Set.of("timing", "disk", "java").contains(finding.check()))
                .extracting(Finding::level)
                .containsOnly(Level.UNKNOWN);
    }

    @Test
    void a_check_that_fails_by_itself_says_so_and_the_others_go_on() {
        Host good = FakeHost.good(root).host();
        Commands broken = command -> {
            throw new IllegalStateException("no such luck");
        };
        Checkup checkup =
                new Doctor(new Host(good.files(), broken, good.java()), "odd", "0.1.0").examine(FakeHost.intent());
        assertThat(checkup.findings())
                .filteredOn(finding -> finding.level() == Level.UNKNOWN)
                .extracting(Finding::check)
                .containsExactly("clock", "rate-limit");
        assertThat(checkup.findings()).anyMatch(finding -> finding.text().contains("no such luck"));
    }
}

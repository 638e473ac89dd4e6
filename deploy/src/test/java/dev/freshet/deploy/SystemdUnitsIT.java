package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The units that ship, as systemd itself reads them. */
class SystemdUnitsIT {
    /** In tenths; systemd calls what is below 2.0 "OK", and a service without any hardening has 9.6. */
    private static final String MOST_EXPOSURE = "20";

    @TempDir
    private Path directory;

    private Path top;

    @BeforeEach
    void unpack() throws Exception {
        Program.need("systemd-analyze", "systemd");
        top = Distribution.plain().unpack(directory);
    }

    /** Copies the units, with the folder of this test for the one where they expect Freshet, as systemd looks for the program. */
    private List<String> units() throws IOException {
        List<String> units = new ArrayList<>();
        for (String name : List.of("freshet-coordinator.service", "freshet-agent@.service")) {
            String text = Files.readString(top.resolve("deploy/systemd").resolve(name));
            assertThat(text).contains("ExecStart=/opt/freshet/bin/freshet ");
            units.add(Files.writeString(directory.resolve(name), text.replace("/opt/freshet", top.toString()))
                    .toString());
        }
        return units;
    }

    private static Program analyze(List<String> arguments, List<String> units) throws Exception {
        List<String> command = new ArrayList<>(List.of("systemd-analyze"));
        command.addAll(arguments);
        command.addAll(units);
        return Program.run(command);
    }

    @Test
    void systemd_finds_nothing_wrong_in_them() throws Exception {
        Program verified = analyze(List.of("verify"), units());
        assertThat(verified.output()).isEmpty();
        assertThat(verified.exitCode()).isZero();
    }

    @Test
    void they_expose_little() throws Exception {
        Program rated = analyze(List.of("security", "--offline=yes", "--threshold=" + MOST_EXPOSURE), units());
        assertThat(rated.exitCode()).as(rated.output()).isZero();
    }

    @Test
    void the_settings_that_they_use_stand_in_the_examples() throws Exception {
        for (String kind : List.of("coordinator", "agent")) {
            Path units = top.resolve("deploy/systemd");
            String example = Files.readString(units.resolve(kind + ".env.example"));
            String unit = Files.readString(
                    units.resolve(kind.equals("agent") ? "freshet-agent@.service" : "freshet-coordinator.service"));
            unit.lines()
                    .filter(line -> line.startsWith("ExecStart="))
                    .flatMap(line -> List.of(line.split(" ")).stream())
                    .filter(word -> word.startsWith("$"))
                    .map(word -> word.replaceAll("[${}]", ""))
                    .forEach(variable -> assertThat(example).contains(variable + "="));
        }
    }
}

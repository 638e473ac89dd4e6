package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.deploy.doctor.Checkup;
import dev.freshet.deploy.doctor.CheckupJson;
import dev.freshet.deploy.doctor.check.Finding;
import dev.freshet.deploy.doctor.check.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** {@code freshet doctor} on this host, whatever it is like. */
class DoctorTest {
    private static final long PATIENCE_NANOS = 4_000_000_000L;

    private record Ended(int code, String stdout) {}

    private static Ended doctor(String... options) {
        PrintStream before = System.out;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        String[] arguments = new String[options.length + 1];
        arguments[0] = "doctor";
        System.arraycopy(options, 0, arguments, 1, options.length);
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            return new Ended(Freshet.run(arguments), said.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(before);
        }
    }

    @Test
    void the_exit_code_says_whether_there_is_something_to_mend() {
        long begun = System.nanoTime();
        Ended ended = doctor("--json");
        assertThat(System.nanoTime() - begun).as("nanoseconds it took").isLessThan(PATIENCE_NANOS);
        Checkup checkup = CheckupJson.parse("this host", ended.stdout());
        assertThat(ended.code()).isEqualTo(checkup.worst().spoils() ? 1 : 0);
        assertThat(checkup.address()).isEqualTo("127.0.0.1");
        assertThat(checkup.findings()).noneMatch(finding -> finding.text().contains("the check itself failed"));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_port_that_is_taken_is_named_with_the_process_that_has_it() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = String.valueOf(taken.getLocalPort());
            Ended ended = doctor("--interface", "127.0.0.1", "--ports", port, "--json");
            assertThat(ended.code()).isEqualTo(1);
            List<Finding> failures = CheckupJson.parse("this host", ended.stdout()).findings().stream()
                    .filter(finding -> finding.check().equals("ports") && finding.level() == Level.FAILURE)
                    .toList();
            assertThat(failures).hasSize(1);
            assertThat(failures.get(0).text())
                    .contains(
                            "port " + port, "process " + ProcessHandle.current().pid() + " has it");
            assertThat(failures.get(0).remedy().get(0))
                    .startsWith("kill " + ProcessHandle.current().pid());

            assertThat(doctor("--ports", port).stdout())
                    .contains("FAILURE  ports")
                    .doesNotContain("\u001b");
        }
    }
}

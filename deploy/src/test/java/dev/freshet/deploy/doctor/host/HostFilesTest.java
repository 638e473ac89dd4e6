package dev.freshet.deploy.doctor.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class HostFilesTest {
    @TempDir
    private Path root;

    @Test
    @EnabledOnOs(OS.LINUX)
    void a_figure_of_the_kernel_is_read_whole() {
        HostFiles files = new HostFiles(Path.of("/"));
        String byCat = new SystemCommands(10_000)
                .run("cat", "/proc/sys/kernel/pid_max", "/proc/sys/net/ipv4/tcp_rmem")
                .text();
        assertThat(byCat).matches("(?s)[0-9]{2,}\\s+[0-9]+\\s+[0-9]+\\s+[0-9]{2,}\\s+");
        assertThat(files.text("proc/sys/kernel/pid_max").orElseThrow() + "\n"
                        + files.text("proc/sys/net/ipv4/tcp_rmem").orElseThrow() + "\n")
                .isEqualTo(byCat);
    }

    @Test
    void what_is_not_there_is_empty_and_says_why() throws IOException {
        HostFiles files = new HostFiles(root);
        assertThat(files.text("proc/loadavg")).isEmpty();
        assertThat(files.names("proc")).isEmpty();
        assertThat(files.lines("proc/stat")).isEmpty();
        assertThat(files.link("proc/self")).isEmpty();
        assertThat(files.whyNot("proc/loadavg")).isEqualTo("there is no /proc/loadavg here");
        Files.writeString(root.resolve("speed"), "fast");
        assertThat(files.number("speed")).isEmpty();
        assertThat(files.whyNot("speed")).isEqualTo("/speed does not tell it");
    }
}

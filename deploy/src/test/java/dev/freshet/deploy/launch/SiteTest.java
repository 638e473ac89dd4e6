package dev.freshet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SiteTest {
    @TempDir
    private Path directory;

    @Test
    void a_list_names_hosts_their_interfaces_and_how_many_agents() {
        assertThat(Site.parse("--hosts", "daq1,daq2:eth1,user@daq3:2,daq4:enp1s0:2,10.0.0.7:10.1.0.7"))
                .containsExactly(
                        new Site("daq1", null),
                        new Site("daq2", "eth1"),
                        new Site("user@daq3", null),
                        new Site("user@daq3", null),
                        new Site("daq4", "enp1s0"),
                        new Site("daq4", "enp1s0"),
                        new Site("10.0.0.7", "10.1.0.7"));
    }

    @Test
    void here_is_this_machine() {
        assertThat(Site.parse("--hosts", "here:eth0:2"))
                .containsExactly(new Site(null, "eth0"), new Site(null, "eth0"))
                .allMatch(Site::isHere);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "-oProxyCommand=reboot",
                "user@-x",
                "daq1:",
                "daq1:0",
                "daq1:1001",
                "daq1:eth0:eth1",
                "daq1:eth0:2:3",
                "da q1;reboot",
                "$(reboot)",
                "daq1,,daq2:0"
            })
    void what_is_no_host_is_named_with_examples(String text) {
        assertThatThrownBy(() -> Site.parse("--hosts", text))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--hosts: '")
                .hasMessageMatching(".*(daq2:eth1|names no host).*");
    }

    @Test
    void a_file_holds_one_entry_a_line_and_comments() throws IOException {
        Path file = Files.writeString(directory.resolve("hosts"), "# rack 1\ndaq1\n\ndaq2:2  # two of them\n");
        assertThat(Site.read("--hosts-file", file)).extracting(Site::host).isEqualTo(List.of("daq1", "daq2", "daq2"));
    }

    @Test
    void a_file_that_cannot_be_used_is_named_with_its_line() throws IOException {
        Path wrong = Files.writeString(directory.resolve("wrong"), "daq1\ndaq2:eth0:eth1\n");
        assertThatThrownBy(() -> Site.read("--hosts-file", wrong)).hasMessageContaining("wrong line 2");
        Path empty = Files.writeString(directory.resolve("empty"), "# nobody\n");
        assertThatThrownBy(() -> Site.read("--hosts-file", empty)).hasMessageContaining("names no host");
        assertThatThrownBy(() -> Site.read("--hosts-file", directory.resolve("none")))
                .hasMessageContaining("no such file");
    }
}

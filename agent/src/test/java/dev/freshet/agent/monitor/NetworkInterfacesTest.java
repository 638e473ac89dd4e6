package dev.freshet.agent.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ToCoordinator.Interface;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NetworkInterfacesTest {
    @TempDir
    Path folder;

    @Test
    void the_default_is_the_loopback_interface_by_the_name_it_has_here() {
        Interface loopback = NetworkInterfaces.resolve("--interface", null);
        assertThat(loopback.address()).startsWith("127.");
        assertThat(NetworkInterfaces.resolve("--interface", loopback.name())).isEqualTo(loopback);
        assertThat(loopback.speedBitsPerSecond()).isNull();
    }

    @Test
    void an_unknown_interface_is_refused_with_a_list_of_those_there_are() {
        Interface loopback = NetworkInterfaces.resolve("--interface", null);
        assertThatThrownBy(() -> NetworkInterfaces.resolve("-i", "nosuch0"))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("-i: 'nosuch0' is not an interface of this machine (")
                .hasMessageContaining(loopback.name() + " " + loopback.address())
                .hasMessageEndingWith(")");
    }

    @Test
    void the_link_speed_is_known_where_the_system_knows_it() throws Exception {
        Path speed = folder.resolve("speed");
        Files.writeString(speed, "10000\n");
        assertThat(NetworkInterfaces.speedBitsPerSecond(folder)).isEqualTo(10_000_000_000L);
        Files.writeString(speed, "-1\n");
        assertThat(NetworkInterfaces.speedBitsPerSecond(folder)).isNull();
        Files.delete(speed);
        assertThat(NetworkInterfaces.speedBitsPerSecond(folder)).isNull();
    }
}

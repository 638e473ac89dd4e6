package dev.freshet.agent.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ToCoordinator.Interface;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class NetworkInterfacesTest {
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
    void an_address_of_this_machine_names_its_interface_and_stays_the_one_that_is_bound() throws Exception {
        Interface loopback = NetworkInterfaces.resolve("--interface", null);
        assertThat(NetworkInterfaces.resolve("--interface", "127.0.0.1")).isEqualTo(loopback);
        for (NetworkInterface candidate : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(candidate.getInetAddresses())) {
                if (address instanceof Inet4Address) {
                    Interface found = NetworkInterfaces.resolve("--interface", address.getHostAddress());
                    assertThat(found.name()).isEqualTo(candidate.getName());
                    assertThat(found.address()).isEqualTo(address.getHostAddress());
                }
            }
        }
    }

    @Test
    void an_address_of_another_machine_is_refused_with_a_list_of_those_there_are() {
        Interface loopback = NetworkInterfaces.resolve("--interface", null);
        for (String elsewhere : List.of("203.0.113.7", "999.1.1.1")) {
            assertThatThrownBy(() -> NetworkInterfaces.resolve("--interface", elsewhere))
                    .isInstanceOf(InputException.class)
                    .hasMessageStartingWith("--interface: '" + elsewhere + "' is not an address of this machine (")
                    .hasMessageContaining(loopback.name() + " " + loopback.address());
        }
    }

    @Test
    void a_coordinator_on_this_machine_is_reached_by_loopback() throws Exception {
        Interface loopback = NetworkInterfaces.resolve("--interface", null);
        assertThat(NetworkInterfaces.towards("--coordinator", "localhost")).isEqualTo(loopback);
        assertThat(NetworkInterfaces.towards(
                        "--coordinator", InetAddress.getLoopbackAddress().getHostAddress()))
                .isEqualTo(loopback);
    }

    @Test
    void a_coordinator_at_another_address_of_this_machine_is_reached_by_the_interface_that_has_it() throws Exception {
        for (NetworkInterface known : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            known.inetAddresses()
                    .filter(Inet4Address.class::isInstance)
                    .filter(address -> !address.isLoopbackAddress())
                    .map(InetAddress::getHostAddress)
                    .forEach(own -> assertThat(NetworkInterfaces.towards("--coordinator", own))
                            .returns(own, Interface::address)
                            .returns(known.getName(), Interface::name));
        }
    }

    @Test
    void a_coordinator_whose_name_does_not_resolve_is_refused_in_one_line() {
        assertThatThrownBy(() -> NetworkInterfaces.towards("--coordinator", "nosuch.invalid"))
                .isInstanceOf(InputException.class)
                .hasMessage("--coordinator: the host name 'nosuch.invalid' does not resolve");
    }
}

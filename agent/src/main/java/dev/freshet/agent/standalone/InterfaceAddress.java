package dev.freshet.agent.standalone;

import dev.freshet.common.InputException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.stream.Collectors;

/** The address that sockets are bound to when an interface is named; JeroMQ itself does not resolve names of interfaces. */
final class InterfaceAddress {
    private InterfaceAddress() {}

    /**
     * The first IPv4 address of an interface.
     *
     * @param option the option that the name came from, for the error
     * @throws InputException if there is no such interface, or it has none; it lists those that there are
     */
    static String of(String option, String name) {
        try {
            NetworkInterface named = NetworkInterface.getByName(name);
            if (named == null) {
                throw new InputException(
                        option + ": there is no interface '" + name + "' here (there are: " + all() + ")");
            }
            return named.inetAddresses()
                    .filter(Inet4Address.class::isInstance)
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElseThrow(() -> new InputException(option + ": interface '" + name + "' has no IPv4 address"));
        } catch (SocketException e) {
            throw new InputException(option + ": the interfaces cannot be listed: " + e.getMessage(), e);
        }
    }

    private static String all() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .map(NetworkInterface::getName)
                .sorted()
                .collect(Collectors.joining(", "));
    }
}

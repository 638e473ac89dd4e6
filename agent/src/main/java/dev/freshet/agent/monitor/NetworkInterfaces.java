package dev.freshet.agent.monitor;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ToCoordinator.Interface;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The network interfaces of this machine, as an agent may be bound to them: by name or address, with their IPv4 address and speed. */
public final class NetworkInterfaces {
    private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    /** A route does not depend on the port. */
    private static final int ANY_PORT = 9;

    private NetworkInterfaces() {}

    /**
     * Finds an interface by its name or by one of its IPv4 addresses. By name it is the one of its addresses that the system tells first.
     *
     * @param what the option the text came from, for the error
     * @param nameOrAddress null for the loopback interface, whatever its name is here
     * @throws InputException if this machine has no such interface, or it has no IPv4 address; the message lists those that would do
     */
    public static Interface resolve(String what, String nameOrAddress) {
        try {
            if (nameOrAddress == null) {
                return loopback();
            }
            return IPV4.matcher(nameOrAddress).matches()
                    ? withAddress(what, nameOrAddress)
                    : withName(what, nameOrAddress);
        } catch (SocketException e) {
            throw untold(e);
        }
    }

    /**
     * The interface by which a host is reached: loopback for a loopback address, and for another address of this machine the interface that has it. Asks the system's routes and sends nothing.
     *
     * @param what the option the host came from, for the error
     * @throws InputException if the host's name does not resolve, or no route leads to it
     */
    public static Interface towards(String what, String host) {
        try (DatagramSocket socket = new DatagramSocket()) {
            InetAddress there = InetAddress.getByName(host);
            if (there.isLoopbackAddress()) {
                return loopback();
            }
            if (NetworkInterface.getByInetAddress(there)
                    != null) { // its route would say loopback, where no other host gets
                return withAddress(what, there.getHostAddress());
            }
            socket.connect(new InetSocketAddress(there, ANY_PORT));
            return withAddress(what, socket.getLocalAddress().getHostAddress());
        } catch (UnknownHostException e) {
            throw new InputException(what + ": the host name '" + host + "' does not resolve", e);
        } catch (SocketException | UncheckedIOException e) {
            throw new InputException(
                    what + ": no route to '" + host + "' tells which interface to use; name one with --interface", e);
        }
    }

    /**
     * Whether a host is this machine.
     *
     * @param what the option the host came from, for the error
     * @throws InputException if its name does not resolve
     */
    public static boolean isHere(String what, String host) {
        try {
            InetAddress there = InetAddress.getByName(host);
            return there.isLoopbackAddress() || NetworkInterface.getByInetAddress(there) != null;
        } catch (UnknownHostException e) {
            throw new InputException(what + ": the host name '" + host + "' does not resolve", e);
        } catch (SocketException e) {
            throw new UncheckedIOException("the system does not tell its network interfaces", e);
        }
    }

    private static Interface withName(String what, String name) throws SocketException {
        NetworkInterface found = NetworkInterface.getByName(name);
        if (found == null) {
            throw new InputException(what + ": '" + name + "' is not an interface of this machine (" + list() + ")");
        }
        return addresses(found)
                .findFirst()
                .map(address -> described(found, address))
                .orElseThrow(() -> new InputException(what + ": '" + name + "' has no IPv4 address (" + list() + ")"));
    }

    private static Interface withAddress(String what, String address) throws SocketException {
        for (NetworkInterface candidate : all()) {
            if (addresses(candidate).anyMatch(address::equals)) {
                return described(candidate, address);
            }
        }
        throw new InputException(what + ": '" + address + "' is not an address of this machine (" + list() + ")");
    }

    private static Interface loopback() throws SocketException {
        for (NetworkInterface candidate : all()) {
            Optional<String> address = addresses(candidate).findFirst();
            if (candidate.isLoopback() && address.isPresent()) {
                return described(candidate, address.get());
            }
        }
        throw new InputException("--interface: this machine has no loopback interface; name one of " + list());
    }

    private static Interface described(NetworkInterface found, String address) {
        try {
            return new Interface(
                    found.getName(), address, found.isLoopback() ? null : LinkSpeed.bitsPerSecond(found.getName()));
        } catch (SocketException e) {
            throw untold(e);
        }
    }

    /** Those with IPv4 addresses, for an error: {@code lo 127.0.0.1, eth0 10.0.0.7}. */
    private static String list() {
        return all().stream()
                .flatMap(known -> addresses(known).map(address -> known.getName() + " " + address))
                .collect(Collectors.joining(", "));
    }

    /** In the system's order of their numbers. */
    private static List<NetworkInterface> all() {
        try {
            return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                    .sorted(Comparator.comparingInt(NetworkInterface::getIndex))
                    .toList();
        } catch (SocketException e) {
            throw untold(e);
        }
    }

    private static Stream<String> addresses(NetworkInterface of) {
        return of.inetAddresses().filter(Inet4Address.class::isInstance).map(InetAddress::getHostAddress);
    }

    private static UncheckedIOException untold(SocketException e) {
        return new UncheckedIOException("the system does not tell its network interfaces", e);
    }
}

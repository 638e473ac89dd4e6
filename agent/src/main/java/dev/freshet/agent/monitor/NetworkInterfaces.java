package dev.freshet.agent.monitor;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ToCoordinator.Interface;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The network interfaces of this machine, as an agent may be bound to them: by name, with their IPv4 address. */
public final class NetworkInterfaces {
    private static final Path LINUX_INTERFACES = Path.of("/sys/class/net");
    private static final long BITS_PER_MEGABIT = 1_000_000L;

    private NetworkInterfaces() {}

    /**
     * Finds an interface by its name.
     *
     * @param what the option the name came from, for the error
     * @param name null for the loopback interface, whatever its name is here
     * @throws InputException if this machine has none of that name, or it has no IPv4 address; the message lists those that would do
     */
    public static Interface resolve(String what, String name) {
        try {
            if (name == null) {
                return loopback();
            }
            NetworkInterface found = NetworkInterface.getByName(name);
            if (found == null) {
                throw new InputException(
                        what + ": '" + name + "' is not an interface of this machine (" + list() + ")");
            }
            Optional<Interface> described = described(found);
            if (described.isEmpty()) {
                throw new InputException(what + ": '" + name + "' has no IPv4 address (" + list() + ")");
            }
            return described.get();
        } catch (SocketException e) {
            throw new UncheckedIOException("the system does not tell its network interfaces", e);
        }
    }

    private static Interface loopback() throws SocketException {
        for (NetworkInterface candidate : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            Optional<Interface> described = candidate.isLoopback() ? described(candidate) : Optional.empty();
            if (described.isPresent()) {
                return described.get();
            }
        }
        throw new InputException("--interface: this machine has no loopback interface; name one of " + list());
    }

    private static String list() throws SocketException {
        return all().stream().map(known -> known.name() + " " + known.address()).collect(Collectors.joining(", "));
    }

    /** All interfaces that have an IPv4 address, in the system's order of their numbers. */
    public static List<Interface> all() throws SocketException {
        return Collections.list(NetworkInterface.getNetworkInterfaces()).stream()
                .sorted((a, b) -> Integer.compare(a.getIndex(), b.getIndex()))
                .flatMap(candidate -> described(candidate).stream())
                .toList();
    }

    private static Optional<Interface> described(NetworkInterface candidate) {
        return candidate
                .inetAddresses()
                .filter(Inet4Address.class::isInstance)
                .findFirst()
                .map(InetAddress::getHostAddress)
                .map(address -> new Interface(
                        candidate.getName(),
                        address,
                        speedBitsPerSecond(LINUX_INTERFACES.resolve(candidate.getName()))));
    }

    /** The link speed that the Linux kernel tells; null where it tells none, as for virtual interfaces and on other systems. */
    static Long speedBitsPerSecond(Path interfaceFolder) {
        try {
            long megabits = Long.parseLong(
                    Files.readString(interfaceFolder.resolve("speed")).strip());
            return megabits > 0 ? megabits * BITS_PER_MEGABIT : null;
        } catch (IOException | NumberFormatException e) {
            return null; // reading it fails with EINVAL for an interface that has no speed
        }
    }
}

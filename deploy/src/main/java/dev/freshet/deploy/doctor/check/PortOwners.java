package dev.freshet.deploy.doctor.check;

import dev.freshet.deploy.doctor.host.HostFiles;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Who has a port: from the kernel's table of sockets to the process that has the socket open. */
final class PortOwners {
    private static final List<String> TABLES = List.of("proc/net/tcp", "proc/net/tcp6");
    private static final int LOCAL = 1;
    private static final int STATE = 3;
    private static final int USER = 7;
    private static final int INODE = 9;
    private static final String LISTENS = "0A";
    private static final String ANY_4 = "0".repeat(8);
    private static final String ANY_6 = "0".repeat(32);
    private static final int LONGEST_COMMAND = 60;

    private final HostFiles files;

    PortOwners(HostFiles files) {
        this.files = files;
    }

    /** @param pid null if the processes of that user may not be looked into */
    record Owner(Long pid, String command, String user) {}

    private record Socket(String inode, String user, boolean listens) {}

    /** Whoever has the port on an address, or on all addresses; empty if nobody is seen to, as from within a container. */
    Optional<Owner> of(String address, int port) {
        return TABLES.stream()
                .flatMap(table -> files.lines(table).stream())
                .flatMap(line -> socket(line.strip().split("\\s+"), hex(address), port))
                .max(Comparator.comparing(Socket::listens))
                .map(this::owner);
    }

    private static Stream<Socket> socket(String[] fields, String address, int port) {
        if (fields.length <= INODE || !fields[LOCAL].matches("[0-9A-F]+:[0-9A-F]{4}")) {
            return Stream.empty();
        }
        String[] local = fields[LOCAL].split(":");
        boolean there = local[0].equals(ANY_4) || local[0].equals(ANY_6) || local[0].endsWith(address);
        boolean owned = !fields[INODE].equals("0"); // a closed one has no owner any more
        return there && owned && Integer.parseInt(local[1], 16) == port
                ? Stream.of(new Socket(fields[INODE], fields[USER], fields[STATE].equals(LISTENS)))
                : Stream.empty();
    }

    /** As the kernel prints an IPv4 address; one of IPv6 that stands for it ends in the same way. */
    private static String hex(String address) {
        try {
            byte[] bytes = InetAddress.getByName(address).getAddress();
            StringBuilder hex = new StringBuilder();
            for (int i = 0; i < bytes.length; i++) {
                boolean reversed = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
                hex.append(String.format("%02X", bytes[reversed ? bytes.length - 1 - i : i]));
            }
            return hex.toString();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(address, e); // it came from an interface
        }
    }

    private Owner owner(Socket socket) {
        for (String pid : files.names("proc")) {
            if (pid.matches("[0-9]{1,18}") && holds(pid, socket)) {
                return new Owner(Long.valueOf(pid), command(pid), socket.user());
            }
        }
        return new Owner(null, null, socket.user());
    }

    private boolean holds(String pid, Socket socket) {
        String folder = "proc/" + pid + "/fd";
        Optional<String> wanted = Optional.of("socket:[" + socket.inode() + "]");
        return files.names(folder).stream()
                .anyMatch(name -> files.link(folder + "/" + name).equals(wanted));
    }

    /** The beginning of its command line. */
    private String command(String pid) {
        String command = files.text("proc/" + pid + "/cmdline")
                .map(text -> text.replace('\0', ' ').strip())
                .filter(text -> !text.isEmpty())
                .or(() -> files.text("proc/" + pid + "/comm"))
                .orElse("?");
        return command.length() <= LONGEST_COMMAND ? command : command.substring(0, LONGEST_COMMAND) + "...";
    }
}

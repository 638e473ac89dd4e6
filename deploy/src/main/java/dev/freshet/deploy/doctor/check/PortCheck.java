package dev.freshet.deploy.doctor.check;

import dev.freshet.deploy.doctor.host.Host;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Whether the ports that will be bound are free on the interface's address, who has them if not, and whether anybody else may be given them. */
public final class PortCheck implements Check {
    private static final String EPHEMERAL = "proc/sys/net/ipv4/ip_local_port_range";
    private static final String RESERVED = "proc/sys/net/ipv4/ip_local_reserved_ports";

    private final Probe probe;

    /** Binds a port as an agent would, and lets it go. */
    @FunctionalInterface
    interface Probe {
        /** @throws IOException if it cannot be bound */
        void bind(String address, int port) throws IOException;
    }

    public PortCheck() {
        this((address, port) -> {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            }
        });
    }

    PortCheck(Probe probe) {
        this.probe = probe;
    }

    @Override
    public String name() {
        return "ports";
    }

    @Override
    public List<Finding> examine(Host host, Intent intent) {
        if (intent.ports().isEmpty()) {
            return List.of();
        }
        List<Finding> findings = new ArrayList<>();
        List<Integer> free = new ArrayList<>();
        for (int port : intent.ports()) {
            try {
                probe.bind(intent.network().address(), port);
                free.add(port);
            } catch (IOException e) {
                findings.add(taken(host, intent.network().address(), port, e.getMessage()));
            }
        }
        if (!free.isEmpty()) {
            findings.add(Finding.ok(
                    name(), PortList.text(free) + " free on " + intent.network().address()));
        }
        given(host, intent, findings);
        return findings;
    }

    private Finding taken(Host host, String address, int port, String reason) {
        String text = "port " + port + " on " + address + " cannot be bound (" + reason + ")";
        if (reason != null && reason.startsWith("Permission denied")) {
            return Finding.failure(
                    name(),
                    text + ": ports that low need a privilege",
                    "sudo sysctl -w net.ipv4.ip_unprivileged_port_start=" + port);
        }
        String look = "sudo ss -ltnp 'sport = :" + port + "'   # who has it";
        return new PortOwners(host.files())
                .of(address, port)
                .map(owner -> owner.pid() == null
                        ? Finding.failure(name(), text + ": a process of user " + owner.user() + " has it", look)
                        : Finding.failure(
                                name(),
                                text + ": process " + owner.pid() + " has it (" + owner.command() + ")",
                                "kill " + owner.pid() + "   # or measure on other ports: --data-port"))
                .orElseGet(() -> Finding.failure(name(), text, look));
    }

    /** The kernel gives outgoing connections any port of a range, also those that an agent is about to bind. */
    private void given(Host host, Intent intent, List<Finding> findings) {
        String[] range = host.files().text(EPHEMERAL).orElse("").split("\\s+");
        if (range.length != 2 || !host.files().text(RESERVED).orElse("").isEmpty()) {
            return;
        }
        List<Integer> within = intent.ports().stream()
                .filter(port -> port >= Integer.parseInt(range[0]) && port <= Integer.parseInt(range[1]))
                .toList();
        if (!within.isEmpty()) {
            String list = PortList.text(within);
            findings.add(Finding.note(
                    name(),
                    list + " may be given to any outgoing connection (" + range[0] + "-" + range[1] + " are)",
                    "sudo sysctl -w net.ipv4.ip_local_reserved_ports=" + list));
        }
    }
}

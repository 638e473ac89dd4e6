package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Plan;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Looks whether the ports that a plan names are free, before anything is started. */
final class BusyPorts {
    private BusyPorts() {}

    /** @throws InputException naming the first port that is taken, and whose it was to be */
    static void check(Plan plan, String address, int controlPort) {
        if (plan.dataPort() == 0) {
            return;
        }
        for (int agent = 0; agent < plan.agents(); agent++) {
            String whose = "agent " + (agent + 1) + "'s ";
            for (int channel = 0; channel < plan.channels(); channel++) {
                probe(plan, address, plan.dataPort(agent) + channel, controlPort, whose + "channel " + channel);
            }
            probe(plan, address, plan.controlPort(agent), controlPort, whose + "start handshake");
        }
    }

    /** @throws InputException if the port of the live page is taken */
    static void checkPage(int port) {
        if (port < 0 || port > 65535) {
            throw new InputException("--port: " + port + " is not a port (0 to 65535)");
        }
        try {
            bind(InetAddress.getLoopbackAddress().getHostAddress(), port);
        } catch (IOException e) {
            throw new InputException(
                    "--port: port " + port
                            + " on loopback is in use; it was to be the live page's (0 takes any free one)",
                    e);
        }
    }

    private static void probe(Plan plan, String address, int port, int controlPort, String use) {
        if (port == controlPort) {
            throw new InputException("--control-port: port " + port + " is one of the data ports from --data-port "
                    + plan.dataPort() + " on");
        }
        try {
            bind(address, port);
        } catch (IOException e) {
            throw new InputException(
                    "--data-port: port " + port + " on " + address + " is in use; it was to be " + use, e);
        }
    }

    private static void bind(String address, int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(InetAddress.getByName(address), port));
        }
    }
}

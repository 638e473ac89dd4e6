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
        int portsEach = plan.channels() + 1;
        for (int i = 0; i < plan.agents() * portsEach; i++) {
            int port = plan.dataPort() + i;
            if (port == controlPort) {
                throw new InputException("--control-port: port " + port + " is one of the data ports from --data-port "
                        + plan.dataPort() + " on");
            }
            try (ServerSocket probe = new ServerSocket()) {
                probe.setReuseAddress(true);
                probe.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            } catch (IOException e) {
                String use = i % portsEach == plan.channels() ? "start handshake" : "channel " + i % portsEach;
                throw new InputException(
                        "--data-port: port " + port + " on " + address + " is in use; it was to be agent "
                                + (i / portsEach + 1) + "'s " + use,
                        e);
            }
        }
    }
}

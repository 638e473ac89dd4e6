package dev.freshet.agent;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for whoever must know one before it is bound. They lie below those that the system gives to sockets that ask for any (from 32768 on,
 * ip(7), ip_local_port_range): of these, one that was free a moment ago may be another socket's by now.
 */
public final class FreePorts {
    private static final int FIRST = 20_000;
    private static final int END = 32_768;
    private static final int TRIES = 100;

    private FreePorts() {}

    /** A port of the loopback address that nobody listens on. */
    public static int next() {
        for (int i = 0; i < TRIES; i++) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, END);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) { // taken: another
                continue;
            }
        }
        throw new IllegalStateException("no free port in " + TRIES + " tries");
    }
}

package dev.freshet.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Sits between agents and a coordinator, passes everything on, and keeps a copy of what it has seen. */
final class Wiretap implements AutoCloseable {
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
    private final int coordinatorPort;

    Wiretap(int coordinatorPort) throws IOException {
        this.coordinatorPort = coordinatorPort;
        start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** All bytes of both directions, one character each. */
    String seen() {
        synchronized (seen) {
            return seen.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "wiretap");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket agent = listener.accept();
                Socket coordinator = new Socket(InetAddress.getLoopbackAddress(), coordinatorPort);
                open.addAll(List.of(agent, coordinator));
                start(() -> pass(agent, coordinator));
                start(() -> pass(coordinator, agent));
            }
        } catch (IOException e) {
            close(); // the test is over, or the coordinator is
        }
    }

    private void pass(Socket from, Socket to) {
        byte[] buffer = new byte[16 << 10];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                synchronized (seen) {
                    seen.write(buffer, 0, count);
                }
                out.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // one of the two has left; try-with-resources lets the other one know
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}

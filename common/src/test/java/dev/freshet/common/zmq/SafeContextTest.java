package dev.freshet.common.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

@Timeout(60)
class SafeContextTest {
    private static final long MAX_FRAME_BYTES = 1 << 20;

    private static SafeContext context() {
        return new SafeContext("test", error -> {});
    }

    @Test
    void a_port_that_is_taken_is_named_with_who_asked_for_it() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                SafeContext context = context()) {
            ZMQ.Socket socket = context.socket(SocketType.PUB, MAX_FRAME_BYTES);
            int port = taken.getLocalPort();

            assertThatThrownBy(() -> SafeContext.bind(socket, "--data-port", "127.0.0.1", port))
                    .isInstanceOf(InputException.class)
                    .hasMessage("--data-port: port " + port + " on 127.0.0.1 is in use");
        }
    }

    @Test
    void an_address_of_another_machine_is_named() {
        try (SafeContext context = context()) {
            ZMQ.Socket socket = context.socket(SocketType.PUB, MAX_FRAME_BYTES);

            assertThatThrownBy(() -> SafeContext.bind(socket, "--listen", "192.0.2.1", 5999))
                    .isInstanceOf(InputException.class)
                    .hasMessage(
                            "--listen: port 5999 on 192.0.2.1 cannot be bound: the address is not one of this machine's");
        }
    }

    @Test
    void port_0_takes_a_free_one_and_tells_which() {
        try (SafeContext context = context()) {
            int first = SafeContext.bind(context.socket(SocketType.PUB, MAX_FRAME_BYTES), "test", "127.0.0.1", 0);
            int second = SafeContext.bind(context.socket(SocketType.REP, MAX_FRAME_BYTES), "test", "127.0.0.1", 0);

            assertThat(first).isBetween(1, 65535);
            assertThat(second).isBetween(1, 65535).isNotEqualTo(first);
        }
    }

    @Test
    void a_frame_above_the_largest_is_not_received_and_the_next_connection_is() {
        try (SafeContext server = context();
                SafeContext client = context()) {
            ZMQ.Socket router = server.socket(SocketType.ROUTER, 1000);
            router.setReceiveTimeOut(10_000);
            int port = SafeContext.bind(router, "test", "127.0.0.1", 0);
            ZMQ.Socket large = client.socket(SocketType.DEALER, MAX_FRAME_BYTES);
            large.connect("tcp://127.0.0.1:" + port);
            large.send(new byte[1001]);
            ZMQ.Socket fitting = client.socket(SocketType.DEALER, MAX_FRAME_BYTES);
            fitting.connect("tcp://127.0.0.1:" + port);
            fitting.send(new byte[1000]);

            router.recv();

            assertThat(router.recv()).hasSize(1000);
        }
    }

    @Test
    void its_threads_have_its_name() {
        try (SafeContext context = new SafeContext("agent-p7", error -> {})) {
            SafeContext.bind(context.socket(SocketType.PUB, MAX_FRAME_BYTES), "test", "127.0.0.1", 0);

            assertThat(Thread.getAllStackTraces().keySet())
                    .extracting(Thread::getName)
                    .anyMatch(name -> name.startsWith("agent-p7-"));
        }
    }

    @Test
    void closing_a_context_whose_io_thread_died_does_not_wait_for_it_for_ever() throws Exception {
        CompletableFuture<Throwable> death = new CompletableFuture<>();
        SafeContext broken = new SafeContext("broken", death::complete);
        ZMQ.Socket pull = broken.socket(SocketType.PULL, MAX_FRAME_BYTES, size -> {
            throw new AssertionError("no memory for " + size);
        });
        int port = SafeContext.bind(pull, "test", "127.0.0.1", 0);
        try (SafeContext client = context()) {
            ZMQ.Socket push = client.socket(SocketType.PUSH, MAX_FRAME_BYTES);
            push.connect("tcp://127.0.0.1:" + port);
            push.send(new byte[10]);
            assertThat(death.get(20, TimeUnit.SECONDS)).hasMessageContaining("no memory");
        }
        CompletableFuture.runAsync(broken::close).get(20, TimeUnit.SECONDS);
    }

    /** The first connection gets a listener that says nothing, as when a connect stalls; any later one gets a real socket. */
    private static final class SilentFirst implements AutoCloseable {
        private final ServerSocket listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"));
        private final List<Socket> open = new CopyOnWriteArrayList<>();
        private final int behind;

        SilentFirst(int behind) throws IOException {
            this.behind = behind;
            start("silent-first", this::accept);
        }

        int port() {
            return listener.getLocalPort();
        }

        private static void start(String name, Runnable task) {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            thread.start();
        }

        private void accept() {
            try {
                open.add(listener.accept());
                while (true) {
                    Socket front = listener.accept();
                    Socket back = new Socket("127.0.0.1", behind);
                    open.add(front);
                    open.add(back);
                    start("proxy-in", () -> copy(front, back));
                    start("proxy-out", () -> copy(back, front));
                }
            } catch (IOException e) {
                closeAll(); // the test is over
            }
        }

        private void copy(Socket from, Socket to) {
            try (from;
                    to) {
                from.getInputStream().transferTo(to.getOutputStream());
            } catch (IOException e) {
                closeAll(); // the test is over
            }
        }

        private void closeAll() {
            for (Socket socket : open) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        int connections() {
            return open.size();
        }

        @Override
        public void close() throws IOException {
            listener.close();
            closeAll();
        }
    }

    @Test
    void a_handshake_that_stalls_is_given_up_and_tried_again_within_seconds() throws IOException {
        try (SafeContext server = context();
                SafeContext client = context()) {
            ZMQ.Socket rep = server.socket(SocketType.REP, MAX_FRAME_BYTES);
            int port = SafeContext.bind(rep, "test", "127.0.0.1", 0);
            try (SilentFirst silent = new SilentFirst(port)) {
                ZMQ.Socket req = client.socket(SocketType.REQ, MAX_FRAME_BYTES);
                req.connect("tcp://127.0.0.1:" + silent.port());
                req.send("start");
                rep.setReceiveTimeOut(5_000); // JeroMQ's own handshake interval is 30 s

                assertThat(rep.recvStr()).isEqualTo("start");
                assertThat(silent.connections()).isGreaterThanOrEqualTo(3);
            }
        }
    }

    @Test
    void with_jeromq_s_own_handshake_interval_a_stalled_handshake_is_still_waited_for() throws Exception {
        try (SafeContext server = context();
                SafeContext client = context()) {
            ZMQ.Socket rep = server.socket(SocketType.REP, MAX_FRAME_BYTES);
            int port = SafeContext.bind(rep, "test", "127.0.0.1", 0);
            try (SilentFirst silent = new SilentFirst(port)) {
                ZMQ.Socket req = client.socket(SocketType.REQ, MAX_FRAME_BYTES);
                req.setHandshakeIvl(30_000);
                req.connect("tcp://127.0.0.1:" + silent.port());
                req.send("start");
                rep.setReceiveTimeOut((int) TimeUnit.SECONDS.toMillis(3));

                assertThat(rep.recvStr()).isNull();
            }
        }
    }
}

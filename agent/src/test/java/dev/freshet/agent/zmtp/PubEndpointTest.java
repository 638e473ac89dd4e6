package dev.freshet.agent.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.freshet.agent.producer.RawPeer;
import dev.freshet.common.InputException;
import dev.freshet.common.wire.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What comes to a PUB endpoint from strangers; how it behaves to subscribers is told by the tests of publishers. */
@Timeout(60)
class PubEndpointTest {
    private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocateDirect(1);
    private static final int MAX_FRAME_BYTES = 4096;
    private static final int FUZZED_STRANGERS = 250;
    private static final long FLAT_BYTES = 16L << 20;

    private final AtomicReference<Throwable> death = new AtomicReference<>();
    private final IoThread io = new IoThread("test-io", death::set);
    private final MessageHead head = new MessageHead(Request.TOPIC);
    private final ByteBuffer message = ByteBuffer.allocateDirect(100);

    @AfterEach
    void the_io_thread_has_lived() {
        io.close();
        assertThat(death.get()).isNull();
    }

    private PubEndpoint endpoint(int maxPayloads) {
        return new PubEndpoint(io, Request.TOPIC, 1 << 16, maxPayloads, NO_PAYLOAD);
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 10 s for " + what).isLessThan(deadline);
            LockSupport.parkNanos(100_000);
        }
    }

    private void publish(PubEndpoint endpoint, String body) {
        int bodyStart = head.maxBytes();
        message.clear().put(bodyStart, body.getBytes(StandardCharsets.US_ASCII));
        int start = head.writeBefore(message, bodyStart, body.length());
        message.limit(bodyStart + body.length()).position(start);
        assertThat(endpoint.offer(message, 0, true)).isPositive();
        endpoint.flush();
    }

    private static RawPeer subscriber(PubEndpoint endpoint, int port) throws IOException {
        int before = endpoint.subscriberCount();
        RawPeer peer = RawPeer.connect(port, "SUB");
        peer.subscribe(Request.TOPIC);
        await("the subscription", () -> endpoint.subscriberCount() > before);
        return peer;
    }

    /** Whether such a stream breaks a rule of the protocol, rather than just ending. */
    private static boolean isNonsense(byte[] stream) {
        Inbound inbound = new Inbound(Set.of("SUB", "XSUB"), MAX_FRAME_BYTES, MAX_FRAME_BYTES);
        ByteBuffer in = ByteBuffer.wrap(stream);
        try {
            for (Inbound.Part part = inbound.next(in); part != null; part = inbound.next(in)) {
                if (part == Inbound.Part.FRAME && inbound.frame().isCommand()) {
                    Command.pongTo(inbound.frame().kept(), inbound.frame().keptLength());
                }
            }
            return false;
        } catch (ZmtpException e) {
            return true;
        }
    }

    private static byte[] handshakeAnd(byte[]... frames) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        stream.writeBytes(Greeting.ours());
        stream.writeBytes(Command.ready("SUB"));
        for (byte[] frame : frames) {
            stream.writeBytes(frame);
        }
        return stream.toByteArray();
    }

    private static byte[] announcement(int flags, long length) {
        return ByteBuffer.allocate(9 + 50).put((byte) flags).putLong(length).array();
    }

    private static List<byte[]> strangers() {
        List<byte[]> strangers = new ArrayList<>(List.of(
                "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                handshakeAnd(announcement(2, 1L << 31)),
                handshakeAnd(announcement(2, Long.MIN_VALUE)),
                handshakeAnd(announcement(2, Long.MAX_VALUE)),
                handshakeAnd(announcement(6, -1)),
                handshakeAnd(Command.subscribe(Request.TOPIC, true), announcement(3, Integer.MAX_VALUE)),
                handshakeAnd("\4\5\4PING".getBytes(StandardCharsets.ISO_8859_1)),
                Arrays.copyOf(handshakeAnd(), Greeting.BYTES + 5)));
        for (long seed = 0; seed < FUZZED_STRANGERS; seed++) {
            strangers.add(Stream.withFaults(seed));
        }
        return strangers;
    }

    /** Says something, and waits until the other side has had enough of it. */
    private static void visit(int port, byte[] said) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(10_000);
            try {
                socket.getOutputStream().write(said);
                socket.shutdownOutput();
                socket.getInputStream().readAllBytes();
            } catch (java.net.SocketTimeoutException e) {
                throw e;
            } catch (IOException e) {
                // cut off before it was all said
            }
        }
    }

    private static long openDescriptors() {
        return ((UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getOpenFileDescriptorCount();
    }

    private static long usedHeapBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void whoever_talks_nonsense_is_ended_and_counted_in_one_line_and_the_subscriber_misses_nothing() throws Exception {
        PubEndpoint endpoint = endpoint(1);
        int port = endpoint.bind("data port", "127.0.0.1", 0);
        List<byte[]> strangers = strangers();
        try (LoggedLines log = LoggedLines.of(Strangers.class);
                RawPeer subscriber = subscriber(endpoint, port)) {
            long descriptors = openDescriptors();
            long heapBytes = usedHeapBytes();
            for (int i = 0; i < strangers.size(); i++) {
                visit(port, strangers.get(i));
                publish(endpoint, "message " + i);
                assertThat(subscriber.readBody()).asString().isEqualTo("message " + i);
            }
            long nonsense =
                    strangers.stream().filter(PubEndpointTest::isNonsense).count();
            assertThat(nonsense).isBetween(strangers.size() / 2L, (long) strangers.size() - 10);
            await("the last one to be ended", () -> endpoint.strangerCount() >= nonsense);
            assertThat(endpoint.strangerCount()).isEqualTo(nonsense);
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .matches(
                            "a connection from /127.0.0.1:[0-9,.]+ to data port [0-9,.]+ was ended, as it does not speak"
                                    + " ZMTP; 1 so far, no more lines of this kind for a minute");
            await("all to have left", () -> endpoint.subscriberCount() == 1 && openDescriptors() <= descriptors);
            assertThat(usedHeapBytes() - heapBytes).isLessThan(FLAT_BYTES);
        } finally {
            endpoint.close();
        }
    }

    @Test
    void until_a_peer_has_sent_its_signature_it_gets_no_more_than_ours() throws Exception {
        PubEndpoint endpoint = endpoint(1);
        int port = endpoint.bind("data port", "127.0.0.1", 0);
        for (int said : new int[] {0, 1, Greeting.SIGNATURE_BYTES - 1, Greeting.SIGNATURE_BYTES}) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(Greeting.ours(), 0, said);
                socket.shutdownOutput();
                assertThat(socket.getInputStream().readAllBytes())
                        .isEqualTo(said < Greeting.SIGNATURE_BYTES ? Greeting.ourSignature() : Greeting.ours());
            }
        }
        endpoint.close();
    }

    @Test
    void whoever_is_silent_before_it_has_introduced_itself_is_ended_after_two_seconds() throws Exception {
        PubEndpoint endpoint = endpoint(1);
        int port = endpoint.bind("data port", "127.0.0.1", 0);
        List<Socket> silent = new ArrayList<>();
        try (LoggedLines log = LoggedLines.of(Strangers.class);
                RawPeer idle = RawPeer.connect(port, "SUB")) {
            for (int said : new int[] {0, 20, Greeting.BYTES, Greeting.BYTES + 10}) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(handshakeAnd(), 0, said);
                silent.add(socket);
            }
            long beganNanos = System.nanoTime();
            for (Socket socket : silent) {
                socket.getInputStream().readAllBytes();
            }
            assertThat(System.nanoTime() - beganNanos).isGreaterThan(1_500_000_000L);
            assertThat(endpoint.strangerCount()).isEqualTo(silent.size());
            assertThat(log.lines()).singleElement().asString().contains("it had not introduced itself after 2 s");
            idle.ping("still here");
            assertThat(idle.readFrame().body()).asString().endsWith("still here");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
            endpoint.close();
        }
    }

    @Test
    void one_subscriber_more_than_there_may_be_is_ended_and_the_others_go_on() throws Exception {
        PubEndpoint endpoint = endpoint(1);
        int port = endpoint.bind("data port", "127.0.0.1", 0);
        List<RawPeer> peers = new ArrayList<>();
        try (LoggedLines log = LoggedLines.of(Strangers.class);
                RawPeer tooMany = RawPeer.connect(port, "SUB")) {
            for (int i = 0; i < 32; i++) {
                peers.add(subscriber(endpoint, port));
            }
            tooMany.subscribe(Request.TOPIC);
            tooMany.awaitClosed();
            assertThat(log.lines()).singleElement().asString().contains("32 have subscribed already");
            peers.remove(0).close();
            await("one to leave", () -> endpoint.subscriberCount() == 31);
            peers.add(subscriber(endpoint, port));
            publish(endpoint, "to all");
            for (RawPeer peer : peers) {
                assertThat(peer.readBody()).asString().isEqualTo("to all");
            }
        } finally {
            for (RawPeer peer : peers) {
                peer.close();
            }
            endpoint.close();
        }
    }

    @Test
    void connections_from_one_address_are_bounded() throws Exception {
        PubEndpoint endpoint = endpoint(1);
        int port = endpoint.bind("data port", "127.0.0.1", 0);
        List<Socket> open = new ArrayList<>();
        try (LoggedLines log = LoggedLines.of(Strangers.class)) {
            for (int i = 0; i < 256; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                open.add(socket);
                assertThat(socket.getInputStream().readNBytes(Greeting.SIGNATURE_BYTES))
                        .isEqualTo(Greeting.ourSignature());
            }
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                assertThat(socket.getInputStream().read()).isEqualTo(-1);
            }
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("256 connections from there and 256 in all are open");
            open.remove(0).close();
            try (RawPeer peer = RawPeer.connect(port, "SUB")) {
                peer.ping("let in");
                assertThat(peer.readFrame().body()).asString().endsWith("let in");
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
            endpoint.close();
        }
    }

    @Test
    void a_subscriber_that_there_is_no_memory_for_is_ended_and_nobody_else() throws Exception {
        int tooManyPayloads = 1 << 29;
        assumeTrue(
                Runtime.getRuntime().maxMemory() < 16L * tooManyPayloads, "the heap is small enough to be exhausted");
        PubEndpoint endpoint = endpoint(tooManyPayloads);
        int port = endpoint.bind("data port", "127.0.0.1", 0);
        try (LoggedLines log = LoggedLines.of(Strangers.class);
                RawPeer idle = RawPeer.connect(port, "SUB");
                RawPeer subscriber = RawPeer.connect(port, "SUB")) {
            subscriber.subscribe(Request.TOPIC);
            subscriber.awaitClosed();
            assertThat(log.lines()).singleElement().asString().contains("no memory is left for one more subscriber");
            idle.ping("still here");
            assertThat(idle.readFrame().body()).asString().endsWith("still here");
        } finally {
            endpoint.close();
        }
    }

    @Test
    void a_port_that_cannot_be_bound_is_named_with_who_asked_for_it() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> endpoint(1).bind("data port", "127.0.0.1", taken.getLocalPort()))
                    .isInstanceOf(InputException.class)
                    .hasMessage("data port: port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
        }
        assertThatThrownBy(() -> endpoint(1).bind("data port", "192.0.2.1", 0))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("not one of this machine's");
    }
}

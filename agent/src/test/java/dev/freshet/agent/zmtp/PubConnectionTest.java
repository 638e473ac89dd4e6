package dev.freshet.agent.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.producer.RawPeer;
import dev.freshet.common.wire.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who writes to a subscriber passes from one thread to the other at any byte here, thousands of times a second, as the kernel's buffers are tiny. */
@Timeout(60)
class PubConnectionTest {
    private static final long NANOS = 1_200_000_000L;
    private static final int MAX_BODY_BYTES = 9_000;
    private static final int PAYLOAD_BYTES = 10_000;

    private final AtomicReference<Throwable> death = new AtomicReference<>();
    private final IoThread io = new IoThread("test-io", death::set);
    private final ByteBuffer payload = ByteBuffer.allocateDirect(PAYLOAD_BYTES);
    private final PubEndpoint endpoint = new PubEndpoint(io, Request.TOPIC, 1 << 16, 50, payload);
    private final MessageHead head = new MessageHead(Request.TOPIC);
    private final ByteBuffer message = ByteBuffer.allocateDirect(100 + MAX_BODY_BYTES);
    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicInteger pongs = new AtomicInteger();
    private final SplittableRandom random = new SplittableRandom(3);

    @AfterEach
    void the_io_thread_has_lived() {
        endpoint.close();
        io.close();
        assertThat(death.get()).isNull();
    }

    /** A connection to a subscriber with the smallest of buffers on both sides. */
    private RawPeer subscriber() throws Exception {
        endpoint.bind("data port", "127.0.0.1", 0);
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            int port = ((InetSocketAddress) server.getLocalAddress()).getPort();
            CompletableFuture<RawPeer> peer = CompletableFuture.supplyAsync(() -> connected(port));
            SocketChannel channel = server.accept();
            channel.setOption(StandardSocketOptions.SO_SNDBUF, 1);
            PubConnection connection =
                    new PubConnection(endpoint, channel, (InetSocketAddress) channel.getRemoteAddress());
            io.post(connection::open);
            RawPeer subscribed = peer.get();
            subscribed.subscribe(Request.TOPIC);
            while (endpoint.subscriberCount() == 0) {
                Thread.onSpinWait();
            }
            return subscribed;
        }
    }

    private static RawPeer connected(int port) {
        try {
            return RawPeer.connect(port, "SUB");
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void read(RawPeer peer) {
        try {
            while (true) {
                RawPeer.Frame frame = peer.readFrame();
                if (frame.isCommand()) {
                    pongs.incrementAndGet();
                } else if (!frame.hasMore() || peer.readFrame().hasMore()) {
                    throw new AssertionError("no message of two frames");
                } else {
                    messages.incrementAndGet();
                }
            }
        } catch (IOException e) {
            // closed: the test is over
        }
    }

    private void send() {
        int bodyBytes = 1 + random.nextInt(random.nextBoolean() ? 10 : MAX_BODY_BYTES);
        int payloadBytes = random.nextInt(4) == 0 ? 1 + random.nextInt(3 * PAYLOAD_BYTES) : 0;
        int bodyStart = head.maxBytes();
        message.clear();
        int start = head.writeBefore(message, bodyStart, bodyBytes + payloadBytes);
        message.limit(bodyStart + bodyBytes).position(start);
        while (endpoint.offer(message, payloadBytes, true) == PubEndpoint.REFUSED) {
            endpoint.flush();
        }
        endpoint.flush();
    }

    private void spin(int maxNanos) {
        long until = System.nanoTime() + random.nextInt(maxNanos);
        while (System.nanoTime() < until) {
            Thread.onSpinWait();
        }
    }

    @Test
    void no_message_and_no_pong_is_left_to_the_other_thread_by_both() throws Exception {
        try (RawPeer peer = subscriber()) {
            Thread reader = new Thread(() -> read(peer), "reader");
            reader.setDaemon(true);
            reader.start();
            int sent = 0;
            int pings = 0;
            int bursts = 0;
            for (long began = System.nanoTime(); System.nanoTime() - began < NANOS; bursts++) {
                if (random.nextInt(3) == 0) {
                    peer.ping("burst " + bursts);
                    pings++;
                }
                for (int i = 1 + random.nextInt(4); i > 0; i--) {
                    spin(40_000);
                    send();
                    sent++;
                }
                awaitArrival(bursts, sent, pings);
            }
            assertThat(bursts).as("none had to wait for the next look").isGreaterThan(50);
        }
    }

    private void awaitArrival(int burst, int sent, int pings) {
        long deadline = System.nanoTime() + 5_000_000_000L;
        while (messages.get() < sent || pongs.get() < pings) {
            assertThat(System.nanoTime())
                    .as(
                            "burst %d: %d of %d messages, %d of %d PONGs after 5 s",
                            burst, messages.get(), sent, pongs.get(), pings)
                    .isLessThan(deadline);
            Thread.onSpinWait();
        }
    }
}

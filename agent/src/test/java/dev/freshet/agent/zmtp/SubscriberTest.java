package dev.freshet.agent.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.FreePorts;
import dev.freshet.agent.producer.RawPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against publishers of ours, raw ones, and ones that talk nonsense. The tests' own thread is the subscriber's. */
@Timeout(60)
class SubscriberTest implements Subscriber.Receiver {
    private static final String TOPIC = "request";
    private static final int KEPT_BYTES = 20;
    private static final int MAX_FRAME_BYTES = 1 << 20;
    private static final int POLL_MILLIS = 5;

    private final Subscriber subscriber = new Subscriber(TOPIC, KEPT_BYTES, MAX_FRAME_BYTES, this);
    private final List<String> received = new ArrayList<>();
    private final AtomicInteger connected = new AtomicInteger();
    private final List<ServerSocket> servers = new ArrayList<>();
    private int malformed;
    private int room = Integer.MAX_VALUE;

    @Override
    public boolean hasRoom() {
        return room > 0;
    }

    @Override
    public void received(int publisher, byte[] body, int keptLength, long sizeBytes) {
        assertThat(room--).as("room when a message was handed over").isPositive();
        assertThat((long) keptLength).isEqualTo(Math.min(sizeBytes, KEPT_BYTES));
        received.add(publisher + ":" + new String(body, 0, keptLength, StandardCharsets.US_ASCII) + ":" + sizeBytes);
    }

    @Override
    public void malformed(int publisher) {
        malformed++;
    }

    @AfterEach
    void close() throws IOException {
        subscriber.close();
        for (ServerSocket server : servers) {
            server.close();
        }
    }

    private void pollUntil(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 10 s for " + what).isLessThan(deadline);
            subscriber.poll(POLL_MILLIS);
        }
    }

    private void connect(int port) {
        subscriber.connect("tcp://127.0.0.1:" + port, connected::incrementAndGet);
    }

    private ServerSocket server() throws IOException {
        ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        servers.add(server);
        return server;
    }

    /** A publisher whose side a thread speaks, as the subscriber's is busy meanwhile. */
    private RawPeer publisher(ServerSocket server) {
        AtomicReference<RawPeer> peer = new AtomicReference<>();
        AtomicReference<IOException> failure = new AtomicReference<>();
        Thread greeter = new Thread(() -> {
            try {
                peer.set(RawPeer.accept(server, "PUB"));
            } catch (IOException e) {
                failure.set(e);
            }
        });
        greeter.start();
        pollUntil("the handshake", () -> peer.get() != null || failure.get() != null);
        assertThat(failure.get()).isNull();
        return peer.get();
    }

    private RawPeer connectedPublisher() throws IOException {
        ServerSocket server = server();
        connect(server.getLocalPort());
        int before = connected.get();
        RawPeer peer = publisher(server);
        pollUntil("the connection", () -> connected.get() > before);
        return peer;
    }

    private static byte[] frame(boolean more, byte[] body) {
        boolean isLong = body.length > 255;
        ByteBuffer frame = ByteBuffer.allocate((isLong ? 9 : 2) + body.length);
        frame.put((byte) ((more ? FrameReader.MORE : 0) | (isLong ? FrameReader.LONG : 0)));
        if (isLong) {
            frame.putLong(body.length);
        } else {
            frame.put((byte) body.length);
        }
        return frame.put(body).array();
    }

    private static byte[] frames(String... bodies) {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        for (int i = 0; i < bodies.length; i++) {
            message.writeBytes(frame(i < bodies.length - 1, bodies[i].getBytes(StandardCharsets.US_ASCII)));
        }
        return message.toByteArray();
    }

    /** Publishes until the subscriber, which may not have subscribed yet, has one more message. */
    private void deliver(PubEndpoint endpoint, String body) {
        byte[] bytes = frames(TOPIC, body);
        ByteBuffer message = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
        pollUntil("the subscription", () -> endpoint.subscriberCount() == 1);
        endpoint.offer(message, 0, true);
        endpoint.flush();
        pollUntil(body, () -> received.contains("0:" + body + ":" + body.length()));
    }

    @Test
    void a_publisher_may_come_later_than_its_subscriber_and_come_again() throws IOException {
        int port = FreePorts.next();
        connect(port);
        for (int i = 0; i < 30; i++) {
            subscriber.poll(POLL_MILLIS);
        }
        assertThat(subscriber.isConnected(0)).isFalse();
        for (String life : List.of("first", "second")) {
            try (IoThread io = new IoThread("publisher-io", Throwable::printStackTrace);
                    PubEndpoint endpoint = new PubEndpoint(io, TOPIC, 1 << 16, 1, ByteBuffer.allocateDirect(1))) {
                endpoint.bind("data port", "127.0.0.1", port);
                deliver(endpoint, life);
                assertThat(subscriber.isConnected(0)).isTrue();
            }
            pollUntil("the loss", () -> !subscriber.isConnected(0));
        }
        assertThat(received).containsExactly("0:first:5", "0:second:6");
        assertThat(connected).hasValue(2);
        assertThat(malformed).isZero();
    }

    @Test
    void a_connection_that_is_let_in_and_not_spoken_to_is_tried_again() throws IOException {
        ServerSocket server = server();
        connect(server.getLocalPort());
        try (Socket silent = server.accept()) {
            try (RawPeer publisher = publisher(server)) { // the next connection
                assertThat(silent.getInputStream().readAllBytes())
                        .as("what the first one said")
                        .isEqualTo(Greeting.ours());
                publisher.send(frames(TOPIC, "at last"));
                pollUntil("the message", () -> received.contains("0:at last:7"));
            }
        }
    }

    @Test
    void what_has_not_two_frames_or_another_topic_is_malformed_and_pings_are_answered_in_between() throws IOException {
        try (RawPeer publisher = connectedPublisher()) {
            assertThat(publisher.readFrame().body()).asString().isEqualTo("\11SUBSCRIBErequest");
            publisher.send(frames(TOPIC));
            publisher.send(frames(TOPIC, "body", "third"));
            publisher.send(frames(TOPIC, "body", "third", "x".repeat(100_000), ""));
            publisher.send(frames("requests", "body"));
            publisher.send(frames("reques", "body"));
            publisher.send(frames("", "body"));
            publisher.ping("in between");
            publisher.send(frames(TOPIC, ""));
            publisher.send(frames(TOPIC, "x".repeat(300)));
            pollUntil("the messages", () -> received.size() == 2);
            assertThat(received).containsExactly("0::0", "0:" + "x".repeat(KEPT_BYTES) + ":300");
            assertThat(malformed).isEqualTo(6);
            assertThat(publisher.readFrame().body()).asString().isEqualTo("\4PONGin between");
        }
    }

    @Test
    void messages_arrive_in_order_and_whole_however_little_room_there_is_and_however_they_come_in_pieces()
            throws Exception {
        List<String> due = new ArrayList<>();
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 4_000; i++) {
            String body = i + "-" + "x".repeat(random.nextInt(random.nextInt(20) == 0 ? 20_000 : 300));
            due.add("0:" + body.substring(0, Math.min(body.length(), KEPT_BYTES)) + ":" + body.length());
            stream.writeBytes(frames(TOPIC, body));
        }
        try (RawPeer publisher = connectedPublisher()) {
            byte[] bytes = stream.toByteArray();
            Thread writer = new Thread(() -> {
                try {
                    for (int at = 0; at < bytes.length; ) {
                        int length = Math.min(bytes.length - at, 1 + random.nextInt(60_000));
                        publisher.send(java.util.Arrays.copyOfRange(bytes, at, at + length));
                        at += length;
                    }
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            writer.start();
            SplittableRandom rooms = new SplittableRandom(12);
            pollUntil("all messages", () -> {
                room = rooms.nextInt(40);
                return received.size() == due.size();
            });
            writer.join();
            assertThat(received).isEqualTo(due);
        }
    }

    @Test
    void nothing_is_received_without_room_and_a_wait_for_it_can_be_ended() throws IOException {
        try (RawPeer publisher = connectedPublisher()) {
            room = 0;
            publisher.send(frames(TOPIC, "one"));
            assertThat(subscriber.poll(20)).isZero();
            subscriber.wake();
            long beganNanos = System.nanoTime();
            assertThat(subscriber.poll(10_000)).isZero();
            assertThat(System.nanoTime() - beganNanos).isLessThan(5_000_000_000L);
            assertThat(received).isEmpty();
            room = 1;
            pollUntil("the message", () -> received.size() == 1);
        }
    }

    @Test
    void when_there_is_little_room_each_publisher_has_its_share_of_it() throws IOException {
        int publishers = 3;
        List<RawPeer> peers = new ArrayList<>();
        for (int i = 0; i < publishers; i++) {
            peers.add(connectedPublisher());
        }
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (int i = 0; i < 1000; i++) {
            stream.writeBytes(frames(TOPIC, "m"));
        }
        for (RawPeer peer : peers) {
            peer.send(stream.toByteArray());
        }
        for (int i = 0; i < 300; i++) {
            int before = received.size();
            room = 1;
            pollUntil("one message", () -> received.size() == before + 1);
        }
        for (int i = 0; i < publishers; i++) {
            assertThat(Collections.frequency(received, i + ":m:1"))
                    .as("of publisher " + i)
                    .isBetween(80, 120);
        }
        for (RawPeer peer : peers) {
            peer.close();
        }
    }

    @Test
    void publishers_that_talk_nonsense_are_cut_off_and_one_that_does_not_is_heard() throws IOException {
        List<byte[]> nonsense = new ArrayList<>(List.of(
                "HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                joined(Greeting.ours(), Command.ready("SUB")),
                joined(Greeting.ours(), new byte[] {4, 6, 5, 'R', 'E', 'A', 'D', 'Y'}),
                afterHandshake(2, MAX_FRAME_BYTES + 1),
                afterHandshake(2, Integer.MAX_VALUE),
                afterHandshake(3, Long.MAX_VALUE),
                afterHandshake(2, -1),
                afterHandshake(6, Long.MIN_VALUE),
                afterHandshake(8, 0)));
        SplittableRandom random = new SplittableRandom(21);
        for (int i = 0; i < 40; i++) {
            byte[] bytes = new byte[500];
            random.nextBytes(bytes);
            nonsense.add(i % 2 == 0 ? bytes : joined(afterHandshake(5, 0), bytes));
        }
        try (LoggedLines log = LoggedLines.of(Strangers.class);
                RawPeer honest = connectedPublisher()) {
            List<Socket> strangers = new ArrayList<>();
            for (byte[] said : nonsense) {
                ServerSocket server = server();
                connect(server.getLocalPort());
                Socket stranger = server.accept();
                stranger.setSoTimeout(10_000);
                stranger.getOutputStream().write(said);
                strangers.add(stranger);
            }
            pollUntil("all to be cut off", () -> log.lines().size() == nonsense.size());
            for (Socket stranger : strangers) {
                awaitClosed(stranger);
                stranger.close();
            }
            assertThat(log.lines()).allMatch(line -> line.contains("was ended, as ") && line.contains("; 1 so far"));
            honest.send(frames(TOPIC, "still here"));
            pollUntil("the honest one", () -> received.contains("0:still here:10"));
            assertThat(received).hasSize(1);
        }
    }

    /** Reading to the end of it; a reset is an end as well, as not all that was said has been read. */
    private static void awaitClosed(Socket socket) throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (java.net.SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // reset
        }
    }

    private static byte[] afterHandshake(int flags, long length) {
        return joined(
                joined(Greeting.ours(), Command.ready("PUB")),
                ByteBuffer.allocate(9).put((byte) flags).putLong(length).array());
    }

    private static byte[] joined(byte[] first, byte[] second) {
        return ByteBuffer.allocate(first.length + second.length)
                .put(first)
                .put(second)
                .array();
    }
}

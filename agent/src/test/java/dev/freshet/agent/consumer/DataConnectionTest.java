package dev.freshet.agent.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.wire.Request;
import dev.freshet.common.zmq.SafeContext;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

class DataConnectionTest {
    private static final byte[] NO_PREFIX = {};

    private final AtomicReference<Throwable> death = new AtomicReference<>();
    private final SafeContext context = new SafeContext("test", death::set);

    @AfterEach
    void close() {
        context.close();
        assertThat(death.get()).isNull();
    }

    private static DataConnection.Turn await(DataConnection connection, ZMQ.Poller poller, long seconds) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        DataConnection.Turn turn = connection.receive();
        while (turn == DataConnection.Turn.EMPTY && System.nanoTime() < deadline) {
            poller.poll(100);
            turn = connection.receive();
        }
        return turn;
    }

    @Test
    void thousands_of_large_messages_are_received_into_a_few_buffers_and_not_one_is_torn() {
        int highWaterMark = 10;
        int count = 3000;
        ZMQ.Socket publisher = context.socket(SocketType.XPUB, 4096);
        publisher.setXpubNoDrop(true);
        publisher.setReceiveTimeOut(10_000);
        int port = SafeContext.bind(publisher, "test", "127.0.0.1", 0);
        ReceiveLimits limits = new ReceiveLimits(200_000, 200_000, highWaterMark, 0);
        DataConnection connection = new DataConnection(context, 0, "tcp://127.0.0.1:" + port, limits, 0, 1);
        ZMQ.Poller poller = context.poller(1);
        connection.pollWith(poller);
        assertThat(publisher.recv()).isNotNull();
        int sent = 0;
        for (int received = 0; received < count; received++) {
            for (; sent < count && sent < received + 2 * highWaterMark; sent++) {
                publisher.send("request", ZMQ.SNDMORE);
                publisher.send(FakeProducer.body(NO_PREFIX, sent, 50_000 + sent % 3 * 10_000));
            }
            assertThat(await(connection, poller, 10)).isEqualTo(DataConnection.Turn.REQUEST);
            assertThat(connection.request().seq()).isEqualTo(received);
            assertThat(connection.payloadBytes()).isEqualTo(50_000 + received % 3 * 10_000);
        }
        assertThat(connection.buffers().made()).isBetween(1, highWaterMark + 3);
    }

    /** JeroMQ waits 30 s for a greeting by default, and some of its own connects never send one. */
    @Test
    void a_connect_that_gets_no_greeting_is_tried_again_within_seconds() throws Exception {
        try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            listener.setSoTimeout(15_000);
            CompletableFuture<Void> second = CompletableFuture.runAsync(() -> silentOnceThenPublish(listener));
            ReceiveLimits limits = ReceiveLimits.of(1000, 1);
            DataConnection connection =
                    new DataConnection(context, 0, "tcp://127.0.0.1:" + listener.getLocalPort(), limits, 0, 1);
            ZMQ.Poller poller = context.poller(1);
            connection.pollWith(poller);
            assertThat(await(connection, poller, 15)).isEqualTo(DataConnection.Turn.REQUEST);
            assertThat(connection.request().seq()).isEqualTo(7);
            assertThat(connection.isConnected()).isTrue();
            second.get(10, TimeUnit.SECONDS);
        }
    }

    private static void silentOnceThenPublish(ServerSocket listener) {
        try (Socket silent = listener.accept();
                Socket speaking = listener.accept()) {
            speaking.setSoTimeout(10_000);
            DataInputStream in = new DataInputStream(speaking.getInputStream());
            speaking.getOutputStream().write(SilentSubscriber.greeting());
            in.readFully(new byte[64]);
            speaking.getOutputStream()
                    .write("\u0004\u0019\u0005READY\u000bSocket-Type\0\0\0\u0003PUB"
                            .getBytes(StandardCharsets.ISO_8859_1));
            in.readByte();
            in.readFully(new byte[in.readUnsignedByte()]); // READY
            in.readByte();
            in.readFully(new byte[in.readUnsignedByte()]); // the subscription
            byte[] body = FakeProducer.body(NO_PREFIX, 7, 10);
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            message.write(1);
            message.write(Request.TOPIC.length());
            message.write(FakeProducer.ascii(Request.TOPIC));
            message.write(0);
            message.write(body.length);
            message.write(body);
            speaking.getOutputStream().write(message.toByteArray());
            assertThat(silent.isConnected()).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void the_high_water_mark_follows_from_a_budget_of_memory() {
        assertThat(ReceiveLimits.of(100, 4).highWaterMark()).isEqualTo(1000);
        assertThat(ReceiveLimits.of(1 << 20, 4).highWaterMark()).isEqualTo(23);
        assertThat(ReceiveLimits.of(64 << 20, 4).highWaterMark()).isEqualTo(4);
        assertThat(ReceiveLimits.of(100, 4).socketBufferBytes()).isEqualTo(512 << 10);
        assertThat(ReceiveLimits.of(1 << 20, 4).socketBufferBytes()).isZero();
    }
}

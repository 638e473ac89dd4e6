package dev.freshet.common.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import zmq.Msg;

/** Lengths that end JeroMQ's I/O thread, against sockets with the guards and, to show that the guards are what helps, without. */
@Timeout(60)
class HostileLengthTest {
    private static final long MAX_FRAME_BYTES = 1 << 20;
    private static final int RECEIVE_MILLIS = 10_000;

    /*
     * A negative length is not tried on REP: what follows it is read as frames, and any stranger's frame without an envelope, guard or not,
     * costs a JeroMQ REP socket its next reply once that stranger has left (Router.rollback forgets moreOut where there is no pipe).
     */
    @ParameterizedTest
    @CsvSource({
        "PUB, SUB, -1",
        "PUB, SUB, -9223372036854775808",
        "PUB, SUB, 2147483647",
        "PUB, SUB, 9223372036854775807",
        "ROUTER, DEALER, -1",
        "ROUTER, DEALER, -9223372036854775808",
        "ROUTER, DEALER, 2147483647",
        "REP, REQ, 2147483647",
        "SUB, PUB, -1",
        "SUB, PUB, 2147483647",
        "SUB, PUB, 4294967296"
    })
    void a_guarded_socket_serves_an_honest_peer_after_a_hostile_length(
            SocketType attacked, SocketType honest, long length) throws Exception {
        BlockingQueue<Throwable> deaths = new LinkedBlockingQueue<>();
        try (SafeContext server = new SafeContext("server", deaths::add);
                SafeContext client = new SafeContext("client", deaths::add)) {
            ZMQ.Socket bound = server.socket(attacked, MAX_FRAME_BYTES);
            if (attacked == SocketType.SUB) {
                bound.subscribe("request");
            }
            int port = SafeContext.bind(bound, "test", "127.0.0.1", 0);
            for (int i = 0; i < 3; i++) {
                try (RawPeer hostile = new RawPeer(port)) {
                    hostile.shakeHands(honest.name());
                    hostile.announce(length);
                    if (length > 0) {
                        assertThat(hostile.isCutOff()).as("cut off").isTrue();
                    }
                }
            }

            ZMQ.Socket peer = client.socket(honest, MAX_FRAME_BYTES);
            peer.connect("tcp://127.0.0.1:" + port);

            assertServes(bound, attacked, peer);
            assertThat(deaths).isEmpty();
        }
    }

    private static void assertServes(ZMQ.Socket bound, SocketType attacked, ZMQ.Socket peer) {
        bound.setReceiveTimeOut(RECEIVE_MILLIS);
        peer.setReceiveTimeOut(RECEIVE_MILLIS);
        switch (attacked) {
            case PUB -> {
                peer.subscribe("request");
                assertThat(published(bound, peer)).isEqualTo("request");
            }
            case SUB -> assertThat(published(peer, bound)).isEqualTo("request");
            case ROUTER -> {
                peer.send("hello");
                String text;
                do { // what the hostile peer got through before its length stands before it
                    byte[] identity = bound.recv();
                    assertThat(identity).as("identity").isNotNull();
                    text = bound.recvStr();
                } while (!"hello".equals(text));
            }
            default -> {
                peer.send("start");
                assertThat(bound.recvStr()).isEqualTo("start");
                bound.send("start");
                assertThat(peer.recvStr()).isEqualTo("start");
            }
        }
    }

    /** Publishes until a subscriber has it: a subscription takes a moment, and what came before is not for it. */
    private static String published(ZMQ.Socket pub, ZMQ.Socket sub) {
        sub.setReceiveTimeOut(50);
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(RECEIVE_MILLIS);
        String received = null;
        while (received == null && System.nanoTime() < until) {
            pub.send("request");
            received = sub.recvStr();
        }
        return received;
    }

    @Test
    void without_a_largest_frame_an_announced_2_gib_ends_the_io_thread() throws Exception {
        assertThat(thrownByUnguarded(Integer.MAX_VALUE, -1)).isInstanceOf(OutOfMemoryError.class);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, -2147483648L})
    void with_a_largest_frame_alone_a_negative_length_throws_in_the_io_thread(long length) throws Exception {
        assertThat(thrownByUnguarded(length, MAX_FRAME_BYTES)).isInstanceOf(NegativeArraySizeException.class);
    }

    /** What the I/O thread of a socket with no guard but a largest frame (-1 for none) throws when a length is announced. */
    private static Throwable thrownByUnguarded(long length, long maxFrameBytes) throws Exception {
        BlockingQueue<Throwable> thrown = new LinkedBlockingQueue<>();
        @SuppressWarnings("resource") // it cannot be closed: that waits for ever for the thread that died
        ZContext context = new ZContext(1);
        context.setUncaughtExceptionHandler((thread, error) -> thrown.add(error));
        context.setNotificationExceptionHandler((thread, error) -> {
            thrown.add(error);
            throw new AssertionError("ends the thread, which would meet the same bytes again and again", error);
        });
        ZMQ.Socket unguarded = context.createSocket(SocketType.ROUTER);
        unguarded.setMsgAllocator(Msg::new); // on the heap, as ours; 2 GiB off it may be had, or not
        unguarded.setMaxMsgSize(maxFrameBytes);
        int port = unguarded.bindToRandomPort("tcp://127.0.0.1");
        try (RawPeer hostile = new RawPeer(port)) {
            hostile.shakeHands("DEALER");
            hostile.announce(length);
            return thrown.poll(10, TimeUnit.SECONDS);
        }
    }
}

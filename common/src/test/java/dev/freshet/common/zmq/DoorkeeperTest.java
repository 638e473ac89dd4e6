package dev.freshet.common.zmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.Msg;

@Timeout(60)
class DoorkeeperTest {
    private static final long MAX_FRAME_BYTES = 1_000;

    private final SafeContext context = new SafeContext("test", error -> {
        throw new AssertionError(error);
    });
    private final Doorkeeper doorkeeper = new Doorkeeper(10);
    private final ZMQ.Socket router = context.socket(SocketType.ROUTER, MAX_FRAME_BYTES);
    private final int port = SafeContext.bind(router, "test", "127.0.0.1", 0, doorkeeper);
    private final List<RawPeer> peers = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (RawPeer peer : peers) {
            peer.close();
        }
        context.close();
    }

    private RawPeer peer() throws IOException {
        RawPeer peer = new RawPeer(port);
        peers.add(peer);
        return peer;
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private static byte[] frame(boolean more, int size) {
        return ByteBuffer.allocate(9 + size)
                .put((byte) (more ? 3 : 2))
                .putLong(size)
                .array();
    }

    /** Receives one message, and returns its frames behind the identity. */
    private List<Msg> receive() {
        router.setReceiveTimeOut(20_000);
        assertThat(router.recv()).as("a message within the patience").isNotNull();
        List<Msg> frames = new ArrayList<>();
        while (router.hasReceiveMore()) {
            frames.add(router.base().recv(0));
        }
        return frames;
    }

    @Test
    void those_who_are_one_too_many_are_turned_away_and_the_others_are_served() throws Exception {
        RawPeer first = peer();
        first.shakeHands("DEALER");
        for (int i = 1; i < 10; i++) {
            peer();
        }
        await("ten connections", () -> doorkeeper.open() == 10);
        for (int i = 0; i < 5; i++) {
            assertThat(peer().isCutOff()).isTrue();
        }
        assertThat(doorkeeper.turnedAway()).isEqualTo(5);
        first.send(frame(false, 7));
        assertThat(receive()).hasSize(1);
    }

    @Test
    void a_place_is_free_again_when_its_holder_has_left() throws Exception {
        for (int round = 0; round < 5; round++) {
            List<RawPeer> all = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                all.add(peer());
            }
            await("ten connections", () -> doorkeeper.open() == 10);
            for (RawPeer peer : all) {
                peer.close();
            }
            await("nobody", () -> doorkeeper.open() == 0);
        }
        assertThat(doorkeeper.turnedAway()).isZero();
    }

    @Test
    void whoever_greets_and_is_silent_is_cut_off_and_whoever_was_introduced_stays() throws Exception {
        RawPeer silent = peer();
        silent.shakeHands("DEALER"); // the handshake interval ends with the greeting
        RawPeer known = peer();
        known.shakeHands("DEALER");
        known.send(frame(false, 7));
        doorkeeper.introduced(receive().get(0));
        long since = System.nanoTime();
        await("one connection", () -> {
            doorkeeper.endTheSilent();
            return doorkeeper.open() == 1;
        });
        assertThat(System.nanoTime() - since)
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(Doorkeeper.INTRODUCTION_MILLIS - 2_000));
        assertThat(silent.isCutOff()).isTrue();
        known.send(frame(false, 8));
        assertThat(receive()).hasSize(1);
    }

    @Test
    void a_message_whose_frames_never_end_takes_a_bounded_memory_and_the_next_connection_is_served() throws Exception {
        RawPeer endless = peer();
        endless.shakeHands("DEALER");
        byte[] frame = frame(true, 900);
        for (int i = 0; i < 10_000; i++) {
            endless.send(frame);
        }
        endless.send(frame(false, 1));
        List<Msg> kept = receive();
        assertThat(kept.stream().mapToInt(Msg::size).sum()).isLessThanOrEqualTo((int) (8 * MAX_FRAME_BYTES));
        RawPeer honest = peer();
        honest.shakeHands("DEALER");
        honest.send(frame(false, 7));
        assertThat(receive()).hasSize(1);
    }

    @Test
    void a_peer_of_an_older_protocol_is_not_let_in() throws Exception {
        RawPeer old = peer();
        old.send(new byte[] {1, 0}); // ZMTP 1: an empty identity
        assertThat(old.isCutOff()).isTrue();
    }

    @Test
    void the_mechanism_of_a_port_can_be_asked_for() {
        assertThat(PeerGreeting.mechanism("tcp://127.0.0.1:" + port, 5_000)).isEqualTo(PeerGreeting.NULL);
    }
}

package dev.freshet.common.zmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.keys.EphemeralKeys;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.io.Metadata;

@Timeout(60)
class GateTest {
    private final SafeContext context = new SafeContext("test", error -> {});

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void where_somebody_answers_already_the_gate_does_not_open() {
        try (context;
                Gate first = new Gate(context, null, (host, key) -> {})) {
            assertThatThrownBy(() -> new Gate(context, null, (host, key) -> {}))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("nobody can be refused");
            assertThat(first).isNotNull();
        }
    }

    /** JeroMQ believes what a peer says about itself; the gate does not. */
    @Test
    void a_peer_that_lends_itself_another_address_is_known_by_its_own() throws Exception {
        try (context;
                Gate gate = new Gate(context, null, (host, key) -> {})) {
            ZMQ.Socket router = context.socket(SocketType.ROUTER, 1_000);
            gate.guard(router);
            int port = SafeContext.bind(router, "test", "127.0.0.1", 0);
            try (RawPeer liar = new RawPeer(port);
                    ZMQ.Poller poller = context.poller(2)) {
                gate.pollWith(poller);
                poller.register(router, ZMQ.Poller.POLLIN);
                liar.greetAs("DEALER", "Peer-Address", "192.0.2.7:1", "User-Id", "p1");
                liar.send(new byte[] {0, 1, 'x'});
                byte[] identity = null;
                for (int i = 0; identity == null && i < 100; i++) {
                    poller.poll(200);
                    gate.answerAll();
                    identity = router.recv(ZMQ.DONTWAIT);
                }
                Msg frame = router.base().recv(0);
                assertThat(frame.getMetadata().get(Metadata.PEER_ADDRESS)).isEqualTo("192.0.2.7:1");
                assertThat(frame.getMetadata().get(Metadata.USER_ID)).isEqualTo("p1");
                assertThat(gate.callerOf(frame)).isEqualTo(new Gate.Caller("127.0.0.1", null));
            }
        }
    }

    @Test
    void a_frame_that_came_through_no_gate_has_no_caller() {
        try (context;
                Gate gate =
                        new Gate(context, new EphemeralKeys(CurveKeys::generate).coordinator(), (host, key) -> {})) {
            assertThat(gate.callerOf(new Msg(ascii("hello")))).isNull();
        }
    }

    @Test
    void a_port_with_keys_says_so_to_whoever_asks() {
        try (context;
                Gate gate =
                        new Gate(context, new EphemeralKeys(CurveKeys::generate).coordinator(), (host, key) -> {})) {
            ZMQ.Socket router = context.socket(SocketType.ROUTER, 1_000);
            gate.guard(router);
            int port = SafeContext.bind(router, "test", "127.0.0.1", 0);
            assertThat(PeerGreeting.mechanism("tcp://127.0.0.1:" + port, 5_000)).isEqualTo(PeerGreeting.CURVE);
            assertThat(PeerGreeting.mechanism("tcp://127.0.0.1:1", 1_000)).isNull();
        }
    }
}

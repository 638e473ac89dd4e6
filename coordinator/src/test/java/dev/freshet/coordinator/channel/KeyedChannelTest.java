package dev.freshet.coordinator.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.control.ToCoordinator.Goodbye;
import dev.freshet.common.keys.AgentKey;
import dev.freshet.common.keys.CoordinatorKeys;
import dev.freshet.common.keys.EphemeralKeys;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.zmq.CurveKeys;
import dev.freshet.common.zmq.SafeContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

@Timeout(120)
class KeyedChannelTest {
    private static final int PATIENCE_MILLIS = 20_000;

    private record Arrival(AgentAddress from, ToCoordinator message) {}

    private final Map<String, String> allowed = new ConcurrentHashMap<>();
    private final CoordinatorKeys keys = new CoordinatorKeys(CurveKeys.generate(), allowed::get);
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final ControlChannel channel = new ControlChannel("127.0.0.1", 0, keys, EpochClock.anchored());
    private final SafeContext context = new SafeContext("test-agent", error -> {});

    @BeforeEach
    void start() {
        channel.start(new ControlChannel.Receiver() {
            @Override
            public void received(AgentAddress from, Envelope<ToCoordinator> envelope, long receivedNanos) {
                arrivals.add(new Arrival(from, envelope.message()));
            }

            @Override
            public void unreachable(AgentAddress to, ToAgent message) {
                throw new AssertionError(to + " is unreachable");
            }

            @Override
            public List<AgentAddress> beat(long nowNanos) {
                return List.of();
            }
        });
    }

    @AfterEach
    void close() {
        channel.close();
        context.close();
    }

    private AgentKey key(String agent) {
        return new AgentKey(agent, CurveKeys.generate(), keys.pair().publicKey());
    }

    private AgentKey allowedKey(String agent) {
        AgentKey key = key(agent);
        allowed.put(key.pair().publicKey(), agent);
        return key;
    }

    private ZMQ.Socket socket(AgentKey key, String identity) {
        ZMQ.Socket socket = context.socket(SocketType.DEALER, ControlCodec.MAX_FRAME_BYTES);
        socket.setIdentity(identity.getBytes(StandardCharsets.US_ASCII));
        socket.setReceiveTimeOut(PATIENCE_MILLIS);
        CurveKeys.dialWith(socket, key);
        return socket;
    }

    private ZMQ.Socket dial(AgentKey key, String identity) {
        ZMQ.Socket socket = socket(key, identity);
        socket.connect(channel.endpoint());
        return socket;
    }

    private static void say(ZMQ.Socket socket, String words) {
        List<byte[]> frames = ControlCodec.encode(new Goodbye(words), List.of());
        for (int i = 0; i < frames.size(); i++) {
            socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
        }
    }

    private Arrival arrival() throws InterruptedException {
        Arrival arrival = arrivals.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(arrival).as("an arrival within the patience").isNotNull();
        return arrival;
    }

    private static ToAgent receive(ZMQ.Socket socket) throws ControlCodec.Refusal {
        List<byte[]> frames = new ArrayList<>();
        frames.add(socket.recv());
        assertThat(frames.get(0)).as("an answer within the patience").isNotNull();
        while (socket.hasReceiveMore()) {
            frames.add(socket.recv());
        }
        return ControlCodec.decodeToAgent(frames).message();
    }

    @Test
    void a_message_comes_with_the_agent_whose_key_the_connection_has_and_can_be_answered() throws Exception {
        ZMQ.Socket p1 = dial(allowedKey("p1"), "p1/a");
        ZMQ.Socket p2 = dial(allowedKey("p2"), "p2/a");
        say(p1, "one");
        assertThat(arrival().from()).isEqualTo(new AgentAddress("p1/a", "127.0.0.1", "p1"));
        say(p2, "two");
        Arrival second = arrival();
        assertThat(second.from()).isEqualTo(new AgentAddress("p2/a", "127.0.0.1", "p2"));
        channel.send(second.from(), new ToAgent.Release("r1"));
        assertThat(receive(p2)).isEqualTo(new ToAgent.Release("r1"));
    }

    @Test
    void a_key_that_is_not_on_the_list_is_refused_and_told_so() throws Exception {
        ZMQ.Socket stranger = socket(key("p1"), "p1/a");
        CountDownLatch refused = new CountDownLatch(1);
        stranger.setEventHook(event -> refused.countDown(), zmq.ZMQ.ZMQ_EVENT_HANDSHAKE_FAILED_AUTH);
        stranger.connect(channel.endpoint());
        say(stranger, "let me in");
        assertThat(refused.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isTrue();
        say(dial(allowedKey("p1"), "p1/b"), "hello");
        assertThat(arrival().from().identity()).as("the first to be heard").isEqualTo("p1/b");
    }

    /** What the gate is for: JeroMQ alone asks nobody. */
    @Test
    void without_a_gate_jeromq_lets_in_a_key_that_is_on_no_list() {
        try (ZContext ungated = new ZContext()) {
            ZMQ.Socket router = ungated.createSocket(SocketType.ROUTER);
            router.setCurveServer(true);
            router.setCurvePublicKey(keys.pair().publicKey().getBytes(StandardCharsets.US_ASCII));
            router.setCurveSecretKey(keys.pair().secretKey().getBytes(StandardCharsets.US_ASCII));
            router.setReceiveTimeOut(PATIENCE_MILLIS);
            int port = router.bindToRandomPort("tcp://127.0.0.1");
            ZMQ.Socket stranger = socket(key("p1"), "p1/a");
            stranger.connect("tcp://127.0.0.1:" + port);
            say(stranger, "let me in");
            assertThat(router.recvStr()).isEqualTo("p1/a");
        }
    }

    @Test
    void a_key_for_another_coordinator_gets_nowhere() throws Exception {
        AgentKey elsewhere = new EphemeralKeys(CurveKeys::generate).issue("p1");
        allowed.put(elsewhere.pair().publicKey(), "p1");
        say(dial(elsewhere, "p1/a"), "let me in");
        say(dial(allowedKey("p2"), "p2/a"), "hello");
        assertThat(arrival().from().agent()).as("the first to be heard").isEqualTo("p2");
    }

    @Test
    void an_agent_that_is_taken_off_the_list_is_not_heard_any_more_and_told_why() throws Exception {
        AgentKey key = allowedKey("p1");
        ZMQ.Socket agent = dial(key, "p1/a");
        say(agent, "in");
        arrival();
        allowed.clear();
        say(agent, "still in?");
        assertThat(receive(agent))
                .isInstanceOfSatisfying(
                        ToAgent.Refuse.class,
                        refuse ->
                                assertThat(refuse.reason()).contains(key.pair().publicKey(), "allow-list"));
        allowed.put(key.pair().publicKey(), "p1");
        say(agent, "again");
        assertThat(arrival().message()).isEqualTo(new Goodbye("again"));
    }

    @Test
    void fifty_strangers_with_keys_of_their_own_keep_no_agent_out() throws Exception {
        for (int i = 0; i < 50; i++) {
            say(dial(key("p1"), "stranger" + i), "let me in");
        }
        ZMQ.Socket agent = dial(allowedKey("p1"), "p1/a");
        for (int i = 0; i < 20; i++) {
            say(agent, "message " + i);
            assertThat(arrival())
                    .isEqualTo(new Arrival(new AgentAddress("p1/a", "127.0.0.1", "p1"), new Goodbye("message " + i)));
        }
        assertThat(arrivals).isEmpty();
    }

    @Test
    void sixty_four_agents_that_come_at_once_all_get_in() throws Exception {
        long began = System.nanoTime();
        for (int i = 1; i <= 64; i++) {
            say(dial(allowedKey("p" + i), "p" + i + "/a"), "hello");
        }
        Set<String> heard = new HashSet<>();
        for (int i = 1; i <= 64; i++) {
            heard.add(arrival().from().agent());
        }
        assertThat(heard).hasSize(64);
        System.out.printf("64 agents with keys were in after %d ms%n", (System.nanoTime() - began) / 1_000_000);
    }
}

package dev.freshet.coordinator.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.zmq.SafeContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

class ControlChannelTest {
    private static final int PATIENCE_MILLIS = 10_000;

    private record Arrival(AgentAddress from, ToCoordinator message, long receivedNanos) {}

    private final EpochClock clock = EpochClock.anchored();
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>();
    private final BlockingQueue<ToAgent> unreachable = new LinkedBlockingQueue<>();
    private final Set<AgentAddress> fleet = ConcurrentHashMap.newKeySet();
    private final ControlChannel channel = new ControlChannel("127.0.0.1", 0, null, clock);
    private final SafeContext context = new SafeContext("test-agent", error -> {});

    @BeforeEach
    void start() {
        channel.start(new ControlChannel.Receiver() {
            @Override
            public void received(AgentAddress from, Envelope<ToCoordinator> envelope, long receivedNanos) {
                arrivals.add(new Arrival(from, envelope.message(), receivedNanos));
            }

            @Override
            public void unreachable(AgentAddress to, ToAgent message) {
                unreachable.add(message);
            }

            @Override
            public List<AgentAddress> beat(long nowNanos) {
                return List.copyOf(fleet);
            }
        });
    }

    @AfterEach
    void close() {
        channel.close();
        context.close();
    }

    private ZMQ.Socket agent(String identity) {
        ZMQ.Socket socket = context.socket(SocketType.DEALER, ControlCodec.MAX_FRAME_BYTES);
        socket.setIdentity(identity.getBytes(StandardCharsets.US_ASCII));
        socket.setReceiveTimeOut(PATIENCE_MILLIS);
        socket.connect(channel.endpoint());
        return socket;
    }

    private static void send(ZMQ.Socket socket, List<byte[]> frames) {
        for (int i = 0; i < frames.size(); i++) {
            socket.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
        }
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

    private Arrival arrival() throws InterruptedException {
        Arrival arrival = arrivals.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        assertThat(arrival).as("an arrival within the patience").isNotNull();
        return arrival;
    }

    @Test
    void a_message_arrives_with_its_sender_and_the_moment_and_can_be_answered() throws Exception {
        ZMQ.Socket agent = agent("p1/a");
        long before = clock.epochNanos();
        send(agent, ControlCodec.encode(new ToCoordinator.Goodbye("over"), List.of()));
        Arrival arrival = arrival();
        assertThat(arrival.message()).isEqualTo(new ToCoordinator.Goodbye("over"));
        assertThat(arrival.receivedNanos()).isBetween(before, clock.epochNanos());
        channel.send(arrival.from(), new ToAgent.Release("r1"));
        assertThat(receive(agent)).isEqualTo(new ToAgent.Release("r1"));
    }

    @Test
    void a_ping_is_numbered_and_stamped_when_it_leaves() throws Exception {
        ZMQ.Socket agent = agent("p1/a");
        send(agent, ControlCodec.encode(new ToCoordinator.Goodbye("here"), List.of()));
        AgentAddress address = arrival().from();
        long before = clock.epochNanos();
        channel.send(address, ToAgent.Ping.UNSTAMPED);
        channel.send(address, ToAgent.Ping.UNSTAMPED);
        ToAgent.Ping ping = (ToAgent.Ping) receive(agent);
        assertThat(ping.t1Nanos()).isBetween(before, clock.epochNanos());
        assertThat(((ToAgent.Ping) receive(agent)).seq()).isEqualTo(ping.seq() + 1);
    }

    @Test
    void agents_of_the_fleet_are_pinged_once_a_heartbeat_though_nobody_asks_for_it() throws Exception {
        ZMQ.Socket agent = agent("p1/a");
        send(agent, ControlCodec.encode(new ToCoordinator.Goodbye("here"), List.of()));
        fleet.add(arrival().from());
        long first = ((ToAgent.Ping) receive(agent)).t1Nanos();
        receive(agent);
        long third = ((ToAgent.Ping) receive(agent)).t1Nanos();
        assertThat(third - first).isGreaterThan(ControlChannel.HEARTBEAT_MILLIS * 1_000_000);
    }

    @Test
    void what_is_not_understood_is_refused_in_words_once_and_the_honest_are_served_all_the_while() throws Exception {
        ZMQ.Socket stranger = agent("stranger");
        for (int i = 0; i < 100; i++) {
            send(stranger, List.of("freshet/9".getBytes(StandardCharsets.US_ASCII), new byte[] {1}, new byte[] {2}));
            stranger.send(new byte[] {0, -1});
        }
        ZMQ.Socket agent = agent("p1/a");
        send(agent, ControlCodec.encode(new ToCoordinator.Goodbye("here"), List.of()));
        assertThat(arrival().message()).isEqualTo(new ToCoordinator.Goodbye("here"));
        ToAgent.Refuse refuse = (ToAgent.Refuse) receive(stranger);
        assertThat(refuse.reason()).contains("freshet/9", "freshet/1");
        send(stranger, ControlCodec.encode(new ToCoordinator.Goodbye("after all"), List.of()));
        Arrival second = arrival();
        assertThat(second.message()).isEqualTo(new ToCoordinator.Goodbye("after all"));
        channel.send(second.from(), new ToAgent.Release("r1"));
        assertThat(receive(stranger)).as("one refusal, not two hundred").isEqualTo(new ToAgent.Release("r1"));
    }

    @Test
    void a_message_to_a_connection_that_is_gone_is_told_to_the_sender() throws Exception {
        channel.send(new AgentAddress("nobody", "127.0.0.1", null), new ToAgent.Release("r1"));
        assertThat(unreachable.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)).isEqualTo(new ToAgent.Release("r1"));
    }

    @Test
    void a_port_that_is_taken_is_named() {
        assertThatThrownBy(() -> new ControlChannel("127.0.0.1", channel.port(), null, clock))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("--control-port: port " + channel.port() + " on 127.0.0.1 is in use");
    }
}

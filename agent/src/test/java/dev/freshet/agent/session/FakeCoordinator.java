package dev.freshet.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ControlCodec.Refusal;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.zmq.SafeContext;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** The other end of the control channel, for one agent: says what a test wants said. Belongs to the test's thread. */
final class FakeCoordinator implements AutoCloseable {
    private static final int WAIT_MILLIS = 20_000;

    private final SafeContext context = new SafeContext("fake-coordinator", Throwable::printStackTrace);
    private final ZMQ.Socket router = context.socket(SocketType.ROUTER, ControlCodec.MAX_FRAME_BYTES);
    private final int port = SafeContext.bind(router, "fake coordinator", "127.0.0.1", 0);
    private byte[] agent;
    private List<byte[]> attachments = List.of();

    String endpoint() {
        return "tcp://127.0.0.1:" + port;
    }

    void send(ToAgent message) {
        List<byte[]> frames = ControlCodec.encode(message);
        router.send(agent, ZMQ.SNDMORE);
        for (int i = 0; i < frames.size(); i++) {
            router.send(frames.get(i), i < frames.size() - 1 ? ZMQ.SNDMORE : 0);
        }
    }

    Hello welcome() {
        Hello hello = await(Hello.class);
        send(new ToAgent.Welcome(60_000, 60_000));
        return hello;
    }

    /** The next message of a kind; others that come before it are dropped. */
    <T extends ToCoordinator> T await(Class<T> kind) {
        long deadline = System.nanoTime() + WAIT_MILLIS * 1_000_000L;
        List<Object> others = new ArrayList<>();
        while (true) {
            ToCoordinator message = next(deadline);
            assertThat(message)
                    .as("a %s within %d ms; instead came %s", kind.getSimpleName(), WAIT_MILLIS, others)
                    .isNotNull();
            if (kind.isInstance(message)) {
                return kind.cast(message);
            }
            others.add(message);
        }
    }

    private ToCoordinator next(long deadlineNanos) {
        router.setReceiveTimeOut((int) Math.max(0, (deadlineNanos - System.nanoTime()) / 1_000_000));
        byte[] from = router.recv();
        if (from == null) {
            return null;
        }
        agent = from;
        List<byte[]> frames = new ArrayList<>();
        while (router.hasReceiveMore()) {
            frames.add(router.recv());
        }
        try {
            ControlCodec.Envelope<ToCoordinator> envelope = ControlCodec.decodeToCoordinator(frames);
            attachments = envelope.attachments();
            return envelope.message();
        } catch (Refusal e) {
            throw new AssertionError(e);
        }
    }

    /** Takes one message, if one comes in time. */
    boolean hasMore(int millis) {
        return next(System.nanoTime() + millis * 1_000_000L) != null;
    }

    /** What came with the last message. */
    List<byte[]> attachments() {
        return attachments;
    }

    @Override
    public void close() {
        context.close();
    }
}

package dev.freshet.coordinator.channel;

import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ControlCodec.Refusal;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.zmq.Mailbox;
import dev.freshet.common.zmq.SafeContext;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;

/**
 * The coordinator's end of the control channel: a ROUTER that agents dial. Its thread ("control-channel") owns the socket, stamps pings as they
 * leave and everything as it arrives, and knows nothing of fleets and runs.
 */
public final class ControlChannel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlChannel.class);
    private static final int POLL_MILLIS = 1_000;
    private static final long CLOSE_MILLIS = 2_000;

    private final EpochClock clock;
    private final Receiver receiver;
    private final SafeContext context;
    private final Mailbox mailbox = new Mailbox();
    private final ZMQ.Socket socket;
    private final RefusalLog refusals = new RefusalLog();
    private final String address;
    private final int port;
    private final Thread thread;
    private volatile boolean closed;

    /** What arrives; called on the channel's thread, and must not block. */
    public interface Receiver {
        /** @param receivedNanos when it arrived, on the coordinator's clock */
        void received(AgentAddress from, Envelope<ToCoordinator> envelope, long receivedNanos);

        /** A message could not be handed to the network: the agent's connection is gone, or takes nothing. */
        void unreachable(AgentAddress to, ToAgent message);
    }

    /**
     * Binds and starts to serve.
     *
     * @param bindAddress a local address
     * @param bindPort 0 takes any free one
     * @throws dev.freshet.common.InputException if the port is taken
     */
    public ControlChannel(String bindAddress, int bindPort, EpochClock clock, Receiver receiver) {
        this.clock = clock;
        this.receiver = receiver;
        this.address = bindAddress;
        this.context =
                new SafeContext("control-channel", error -> LOG.error("the control channel's I/O thread died", error));
        this.socket = context.socket(SocketType.ROUTER, ControlCodec.MAX_FRAME_BYTES);
        socket.setRouterMandatory(true); // a message to a connection that is gone must fail, not vanish
        try {
            this.port = SafeContext.bind(socket, "--control-port", bindAddress, bindPort);
        } catch (RuntimeException e) {
            socket.close();
            context.close();
            mailbox.close();
            throw e;
        }
        this.thread = new Thread(this::serve, "control-channel");
        thread.setDaemon(true);
        thread.start();
    }

    /** What agents dial: {@code tcp://host:port}. */
    public String endpoint() {
        return "tcp://" + address + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Sends a message; from any thread. A Ping is stamped when it leaves. */
    public void send(AgentAddress to, ToAgent message) {
        mailbox.post(() -> sendNow(to, message));
    }

    private void serve() {
        ZMQ.Poller poller = context.poller(2);
        int socketIndex = poller.register(socket, ZMQ.Poller.POLLIN);
        mailbox.pollWith(poller);
        while (!closed) {
            if (poller.poll(POLL_MILLIS) < 0) {
                break;
            }
            if (poller.pollin(socketIndex)) {
                receiveAll();
            }
            mailbox.runAll();
        }
        poller.close();
        socket.setLinger(500); // the last Release is still to go out
        socket.close();
        context.close();
        mailbox.close();
    }

    private void receiveAll() {
        for (byte[] identity = socket.recv(ZMQ.DONTWAIT); identity != null; identity = socket.recv(ZMQ.DONTWAIT)) {
            long receivedNanos = clock.epochNanos();
            List<byte[]> frames = new ArrayList<>();
            while (socket.hasReceiveMore()) {
                frames.add(socket.recv());
            }
            AgentAddress from = AgentAddress.of(identity);
            try {
                receiver.received(from, ControlCodec.decodeToCoordinator(frames), receivedNanos);
            } catch (Refusal refusal) {
                if (refusals.isNews(from.identity(), receivedNanos)) {
                    LOG.warn("not understood from '{}': {}", from, refusal.getMessage());
                    sendNow(from, new ToAgent.Refuse(refusal.getMessage()));
                }
            }
        }
    }

    private void sendNow(AgentAddress to, ToAgent message) {
        ToAgent stamped =
                message instanceof ToAgent.Ping ping ? new ToAgent.Ping(ping.seq(), clock.epochNanos()) : message;
        List<byte[]> frames = ControlCodec.encode(stamped);
        try {
            boolean taken = socket.send(to.bytes(), ZMQ.SNDMORE | ZMQ.DONTWAIT);
            for (int i = 0; taken && i < frames.size(); i++) {
                taken = socket.send(frames.get(i), ZMQ.DONTWAIT | (i < frames.size() - 1 ? ZMQ.SNDMORE : 0));
            }
            if (!taken) {
                receiver.unreachable(to, message);
            }
        } catch (ZMQException e) { // EHOSTUNREACH: the connection is gone
            receiver.unreachable(to, message);
        }
    }

    /** Sends what is queued, closes the socket and ends the thread, within two seconds. */
    @Override
    public void close() {
        mailbox.post(() -> closed = true);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

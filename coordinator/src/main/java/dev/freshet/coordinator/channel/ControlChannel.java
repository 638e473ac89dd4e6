package dev.freshet.coordinator.channel;

import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.control.ControlCodec.Envelope;
import dev.freshet.common.control.ControlCodec.Refusal;
import dev.freshet.common.control.ToAgent;
import dev.freshet.common.control.ToCoordinator;
import dev.freshet.common.keys.CoordinatorKeys;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.zmq.CurveKeys;
import dev.freshet.common.zmq.Doorkeeper;
import dev.freshet.common.zmq.Gate;
import dev.freshet.common.zmq.Mailbox;
import dev.freshet.common.zmq.SafeContext;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Msg;

/**
 * The coordinator's end of the control channel: a ROUTER that agents dial. Its thread ("control-channel") owns the socket, stamps pings as they
 * leave and everything as it arrives, and knows nothing of fleets and runs. It keeps the heartbeat, too: agents must hear of a coordinator that
 * has much to do, or little of a processor to do it with.
 *
 * <p>With keys the channel is encrypted, and every message is known to come from the agent whose key the connection was opened with, for as long
 * as that key is on the allow-list.
 */
public final class ControlChannel implements AutoCloseable {
    /** How often each agent is pinged. */
    public static final long HEARTBEAT_MILLIS = 500;

    private static final Logger LOG = LoggerFactory.getLogger(ControlChannel.class);
    private static final int RECEIVE_BURST = 256; // a flood must not hold up what is to be sent
    private static final long CLOSE_MILLIS = 2_000;

    private final EpochClock clock;
    private final SafeContext context;
    private final Mailbox mailbox = new Mailbox();
    private final Gate gate;
    private final boolean keyed;
    private final Heartbeat heartbeat = new Heartbeat(HEARTBEAT_MILLIS, System.nanoTime());
    private final Doorkeeper doorkeeper = new Doorkeeper(Doorkeeper.MANY);
    private final ZMQ.Socket socket;

    /** By address: a stranger may vary everything else. */
    private final RefusalLog logged = new RefusalLog(100);

    /** By connection: one stranger is answered, a flood is not. */
    private final RefusalLog answered = new RefusalLog(1_000);

    private final String address;
    private final int port;
    private final Thread thread;
    private Receiver receiver;
    private long pings;
    private volatile boolean closed;

    /** What arrives; called on the channel's thread, and must not block. */
    public interface Receiver {
        /** @param receivedNanos when it arrived, on the coordinator's clock */
        void received(AgentAddress from, Envelope<ToCoordinator> envelope, long receivedNanos);

        /** A message could not be handed to the network: the agent's connection is gone, or takes nothing. */
        void unreachable(AgentAddress to, ToAgent message);

        /**
         * A heartbeat. What was received until this moment has been told before.
         *
         * @param nowNanos on the coordinator's clock
         * @return who is to be pinged until the next
         */
        List<AgentAddress> beat(long nowNanos);
    }

    /**
     * Binds; serves when it is {@linkplain #start started}.
     *
     * @param bindAddress a local address
     * @param bindPort 0 takes any free one
     * @param keys the coordinator's, with the list of those who may join; null for a channel without keys
     * @throws dev.freshet.common.InputException if the port is taken
     */
    public ControlChannel(String bindAddress, int bindPort, CoordinatorKeys keys, EpochClock clock) {
        this.clock = clock;
        this.address = bindAddress;
        this.context =
                new SafeContext("control-channel", error -> LOG.error("the control channel's I/O thread died", error));
        this.keyed = keys != null;
        this.gate = new Gate(context, keys, this::refused);
        this.socket = context.socket(
                SocketType.ROUTER, ControlCodec.MAX_FRAME_BYTES + (keyed ? CurveKeys.OVERHEAD_BYTES : 0));
        socket.setRouterMandatory(true); // a message to a connection that is gone must fail, not vanish
        gate.guard(socket);
        try {
            this.port = SafeContext.bind(socket, "--control-port", bindAddress, bindPort, doorkeeper);
        } catch (RuntimeException e) {
            socket.close();
            gate.close();
            context.close();
            mailbox.close();
            throw e;
        }
        this.thread = new Thread(this::serve, "control-channel");
        thread.setDaemon(true);
    }

    /** Begins to serve; once. */
    public void start(Receiver whoReceives) {
        receiver = whoReceives;
        thread.start();
    }

    /** What agents dial: {@code tcp://host:port}. */
    public String endpoint() {
        return "tcp://" + address + ":" + port;
    }

    public int port() {
        return port;
    }

    /** Sends a message; from any thread. A Ping is numbered and stamped when it leaves. */
    public void send(AgentAddress to, ToAgent message) {
        mailbox.post(() -> sendNow(to, message));
    }

    /** Tells somebody, and the log once in a while, why it is refused; from any thread. */
    public void refuse(AgentAddress to, ToAgent.Refuse refusal) {
        mailbox.post(() -> {
            log(to, refusal.reason(), clock.epochNanos());
            sendNow(to, refusal);
        });
    }

    private void serve() {
        ZMQ.Poller poller = context.poller(3);
        int socketIndex = poller.register(socket, ZMQ.Poller.POLLIN);
        mailbox.pollWith(poller);
        gate.pollWith(poller);
        while (!closed) {
            if (poller.poll(heartbeat.restMillis(System.nanoTime())) < 0) {
                break;
            }
            gate.answerAll();
            if (poller.pollin(socketIndex)) {
                receiveBurst();
            }
            mailbox.runAll();
            beat();
            doorkeeper.endTheSilent();
        }
        poller.close();
        release();
    }

    private void release() {
        socket.setLinger(500); // the last Release is still to go out
        socket.close();
        gate.close();
        context.close();
        mailbox.close();
    }

    private void beat() {
        long now = System.nanoTime();
        if (heartbeat.isDue(now)) {
            heartbeat.begin(receiver.beat(clock.epochNanos()), now);
        }
        for (AgentAddress next = heartbeat.next(now); next != null; next = heartbeat.next(now)) {
            sendNow(next, ToAgent.Ping.UNSTAMPED);
        }
    }

    private void refused(String host, String key) {
        if (logged.isNews(host, clock.epochNanos())) {
            LOG.warn("a connection from {} was refused: its key {} is not on the allow-list", host, key);
        }
    }

    private void receiveBurst() {
        for (int i = 0; i < RECEIVE_BURST; i++) {
            byte[] identity = socket.recv(ZMQ.DONTWAIT);
            if (identity == null) {
                return;
            }
            long receivedNanos = clock.epochNanos();
            List<Msg> frames = new ArrayList<>();
            while (socket.hasReceiveMore()) {
                frames.add(socket.base().recv(0));
            }
            receive(identity, frames, receivedNanos);
        }
    }

    private void receive(byte[] identity, List<Msg> frames, long receivedNanos) {
        Gate.Caller caller = gate.callerOf(frames.get(0));
        if (caller == null) { // it would be a defect of ours, or of JeroMQ; nothing of it may be believed
            LOG.error("a message that came past the gate is dropped");
            return;
        }
        AgentAddress from = AgentAddress.of(identity, caller, gate.agentOf(caller));
        if (keyed && from.agent() == null) {
            String reason = "the key " + caller.key() + " is not on the coordinator's allow-list any more";
            log(from, reason, receivedNanos);
            sendNow(from, new ToAgent.Refuse(reason)); // each time: it had a place here, and must know
            return;
        }
        try {
            Envelope<ToCoordinator> envelope = ControlCodec.decodeToCoordinator(
                    frames.stream().map(Msg::data).toList());
            doorkeeper.introduced(frames.get(0));
            receiver.received(from, envelope, receivedNanos);
        } catch (Refusal refusal) {
            log(from, refusal.getMessage(), receivedNanos);
            if (answered.isNews(from.identity(), receivedNanos)) {
                sendNow(from, new ToAgent.Refuse(refusal.getMessage()));
            }
        }
    }

    private void log(AgentAddress from, String reason, long nowNanos) {
        if (logged.isNews(from.host(), nowNanos)) {
            LOG.warn("refused from '{}': {}", from, reason);
        }
    }

    private void sendNow(AgentAddress to, ToAgent message) {
        ToAgent stamped = message instanceof ToAgent.Ping ? new ToAgent.Ping(pings++, clock.epochNanos()) : message;
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
        if (thread.getState() == Thread.State.NEW) {
            release();
            return;
        }
        mailbox.post(() -> closed = true);
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

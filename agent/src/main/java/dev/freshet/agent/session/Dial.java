package dev.freshet.agent.session;

import dev.freshet.common.control.ControlCodec;
import dev.freshet.common.keys.AgentKey;
import dev.freshet.common.zmq.CurveKeys;
import dev.freshet.common.zmq.PeerGreeting;
import dev.freshet.common.zmq.SafeContext;
import java.nio.charset.StandardCharsets;
import org.zeromq.SocketType;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;

/**
 * One attempt to reach the coordinator: a DEALER, and what its I/O thread tells about the connection. JeroMQ connects again by itself when a
 * connection is lost, but never after one that the other side did not want; then only a new attempt helps.
 *
 * <p>Belongs to the thread "control-link"; the events come on the I/O thread.
 */
final class Dial {
    private static final int QUEUED_MESSAGES = 10_000;
    private static final int PROBE_MILLIS = 1_000;

    /** JeroMQ tells that it tries again right after it told of the end; when it has not for so long, it does not. */
    private static final long RETRY_TOLD_NANOS = 500_000_000L;

    private static final long PROBE_AGAIN_NANOS = 2_000_000_000L;

    private static final int EVENTS = ZMQ.EVENT_CONNECTED
            | ZMQ.EVENT_DISCONNECTED
            | ZMQ.EVENT_CONNECT_RETRIED
            | zmq.ZMQ.ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;

    private final String coordinator;
    private final AgentKey key;
    private final ZMQ.Socket socket;
    private volatile boolean connectedOnce;
    private volatile boolean keyRefused;
    private volatile long endedNanos; // 0: not ended since it was last connected
    private volatile boolean retried;
    private long nextProbeNanos = System.nanoTime();

    /**
     * Connects.
     *
     * @param coordinator {@code tcp://host:port}
     * @param key null: without keys
     * @param identity no other connection to this coordinator has it
     * @param handshakeMillis how long a greeting may take, with a key
     */
    Dial(SafeContext context, String coordinator, AgentKey key, String identity, int handshakeMillis) {
        this.coordinator = coordinator;
        this.key = key;
        socket = context.socket(
                SocketType.DEALER, ControlCodec.MAX_FRAME_BYTES + (key == null ? 0 : CurveKeys.OVERHEAD_BYTES));
        socket.setIdentity(identity.getBytes(StandardCharsets.US_ASCII));
        socket.setSndHWM(QUEUED_MESSAGES);
        if (key != null) {
            CurveKeys.dialWith(socket, key);
            socket.setHandshakeIvl(handshakeMillis);
        }
        socket.setEventHook(this::told, EVENTS);
        socket.connect(coordinator);
    }

    private void told(ZEvent event) {
        switch (event.getEvent()) {
            case CONNECTED -> {
                connectedOnce = true;
                endedNanos = 0;
                retried = false;
            }
            case DISCONNECTED -> endedNanos = System.nanoTime() | 1;
            case CONNECT_RETRIED -> retried = true;
            case HANDSHAKE_FAILED_AUTH -> keyRefused = true;
            default -> {}
        }
    }

    ZMQ.Socket socket() {
        return socket;
    }

    /** Whether there was a connection at all: otherwise nobody listens there, and JeroMQ looks again by itself. */
    boolean connectedOnce() {
        return connectedOnce;
    }

    /** Whether the connection has ended, and {@link #whyTurnedAway} has not been asked about it just now. */
    boolean ended() {
        long now = System.nanoTime();
        return keyRefused || (endedNanos != 0 && now - endedNanos > RETRY_TOLD_NANOS && now - nextProbeNanos >= 0);
    }

    /** Why keys keep this agent out, in words for a person, or null if that is not the reason. Asks the other side, for a second or two at most. */
    String whyTurnedAway() {
        if (keyRefused) {
            return "the coordinator at " + coordinator + " refuses this agent's key: it is not on its allow-list";
        }
        boolean unwanted = !retried;
        nextProbeNanos = System.nanoTime() + PROBE_AGAIN_NANOS;
        String mechanism = PeerGreeting.mechanism(coordinator, PROBE_MILLIS);
        if (mechanism == null) {
            return unwanted ? "what listens at " + coordinator + " is not a coordinator" : null;
        }
        if (key == null && mechanism.equals(PeerGreeting.CURVE)) {
            return "the coordinator at " + coordinator
                    + " admits only agents with a key, and this one has none (--key)";
        }
        if (key != null && mechanism.equals(PeerGreeting.NULL)) {
            return "the coordinator at " + coordinator
                    + " has no keys, and this agent joins only one that has (start it with --keys)";
        }
        return key != null && unwanted
                ? "the coordinator at " + coordinator + " is not the one that this agent's key is for"
                : null;
    }

    /** @param lingerMillis how long what was sent may still take to go out */
    void close(int lingerMillis) {
        socket.setLinger(lingerMillis);
        socket.close();
    }
}

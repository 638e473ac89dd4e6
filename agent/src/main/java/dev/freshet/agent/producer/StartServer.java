package dev.freshet.agent.producer;

import dev.freshet.common.wire.StartHandshake;
import dev.freshet.common.zmq.Doorkeeper;
import dev.freshet.common.zmq.SafeContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.Msg;

/**
 * Answers {@code start} on a producer's control port, and anything else with an error. It is a ROUTER that speaks REP: a bare frame of a
 * stranger who has left makes JeroMQ's REP swallow the next reply.
 *
 * <p>Bound by one thread and then owned by the thread "responses".
 */
final class StartServer {
    private static final byte[] DELIMITER = {};
    private static final byte[] NOT_START =
            "error: this is the control port of a producer, it knows only 'start'".getBytes(StandardCharsets.US_ASCII);

    private final Doorkeeper doorkeeper = new Doorkeeper(Doorkeeper.FEW);
    private final ZMQ.Socket socket;
    private volatile long strangeRequests;

    StartServer(SafeContext context) {
        socket = context.socket(SocketType.ROUTER, StartHandshake.MAX_FRAME_BYTES);
    }

    /**
     * @return the port bound
     * @throws dev.freshet.common.InputException if it cannot be bound
     */
    int bind(String address, int port) {
        return SafeContext.bind(socket, "control port", address, port, doorkeeper);
    }

    /**
     * Answers one request, if there is one. It comes as the peer's identity, an empty delimiter, and its frames (RFC 28, REQ/REP).
     *
     * @return whether {@code start} was said
     */
    boolean answer() {
        byte[] identity = socket.recv(ZMQ.DONTWAIT);
        if (identity == null) {
            return false;
        }
        List<byte[]> frames = new ArrayList<>();
        Msg last = null;
        while (socket.hasReceiveMore()) {
            last = socket.base().recv(ZMQ.DONTWAIT);
            frames.add(last.data());
        }
        boolean request = frames.size() > 1 && frames.get(0).length == 0;
        boolean start = request && frames.size() == 2 && StartHandshake.isStart(frames.get(1));
        if (request) {
            socket.send(identity, ZMQ.SNDMORE | ZMQ.DONTWAIT);
            socket.send(DELIMITER, ZMQ.SNDMORE | ZMQ.DONTWAIT);
            socket.send(start ? StartHandshake.start() : NOT_START, ZMQ.DONTWAIT);
        }
        if (!start) {
            strangeRequests++; // written by the owner only
        } else {
            doorkeeper.introduced(last);
        }
        return start;
    }

    /** Ends connections that have not said {@code start} for long; to be called once in a while. */
    void endTheSilent() {
        doorkeeper.endTheSilent();
    }

    /** How many requests were something else than {@code start}; from any thread. */
    long strangeRequests() {
        return strangeRequests;
    }
}

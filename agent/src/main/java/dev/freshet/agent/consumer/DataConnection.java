package dev.freshet.agent.consumer;

import dev.freshet.common.wire.Request;
import dev.freshet.common.zmq.SafeContext;
import java.nio.charset.StandardCharsets;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import zmq.Msg;

/**
 * One channel of one producer: its SUB socket, its receive buffers and what is known of its stream.
 *
 * <p>Owned by the thread that receives; only the mark that the connection stands is set by the I/O thread.
 */
final class DataConnection {
    private static final byte[] TOPIC = Request.TOPIC.getBytes(StandardCharsets.US_ASCII);

    /** What became of one turn at the socket. */
    enum Turn {
        /** Nothing has arrived. */
        EMPTY,
        /** A request lies in {@link #request}, {@link #payloadBytes} says how much came with it. */
        REQUEST,
        /** Something arrived that is not a request of two frames. */
        MALFORMED
    }

    private final int source;
    private final ZMQ.Socket socket;
    private final ReceiveBuffers buffers;
    private final StreamTracker tracker;
    private final Request request = new Request();
    private int payloadBytes;
    private volatile boolean connected; // set by the I/O thread

    /** Connects to a channel and subscribes. */
    DataConnection(SafeContext context, int source, String endpoint, ReceiveLimits limits, int channel, int channels) {
        this.source = source;
        tracker = new StreamTracker(channel, channels);
        buffers = new ReceiveBuffers(limits.slotBytes(), limits.highWaterMark());
        socket = context.socket(SocketType.SUB, limits.maxFrameBytes(), buffers);
        socket.setRcvHWM(limits.highWaterMark());
        if (limits.socketBufferBytes() > 0) {
            socket.setReceiveBufferSize(limits.socketBufferBytes());
        }
        socket.setEventHook(event -> connected = true, ZMQ.EVENT_HANDSHAKE_PROTOCOL);
        socket.subscribe(TOPIC);
        socket.connect(endpoint);
    }

    /** Takes one message, if there is one, and keeps its header: the memory that it came in is free again. */
    Turn receive() {
        Msg topic = socket.recvMsg(ZMQ.DONTWAIT);
        if (topic == null) {
            return Turn.EMPTY;
        }
        boolean ours = isTopic(topic) && topic.hasMore();
        boolean more = topic.hasMore();
        buffers.giveBack(topic);
        if (!ours) {
            drain(more);
            return Turn.MALFORMED;
        }
        Msg body = socket.recvMsg(ZMQ.DONTWAIT); // JeroMQ hands over whole messages only
        boolean parsed = request.parse(ReceiveBuffers.content(body));
        payloadBytes = body.size() - request.headerLength();
        more = body.hasMore();
        buffers.giveBack(body);
        drain(more);
        return parsed && !more ? Turn.REQUEST : Turn.MALFORMED;
    }

    private void drain(boolean more) {
        while (more) {
            Msg rest = socket.recvMsg(ZMQ.DONTWAIT);
            more = rest.hasMore();
            buffers.giveBack(rest);
        }
    }

    private static boolean isTopic(Msg msg) {
        if (msg.size() != TOPIC.length) {
            return false;
        }
        for (int i = 0; i < TOPIC.length; i++) {
            if (msg.get(i) != TOPIC[i]) {
                return false;
            }
        }
        return true;
    }

    void pollWith(ZMQ.Poller poller) {
        poller.register(socket, ZMQ.Poller.POLLIN);
    }

    /** Whether the other end has greeted; the subscription follows on its heels. */
    boolean isConnected() {
        return connected;
    }

    /** The producer, by its place among those served. */
    int source() {
        return source;
    }

    Request request() {
        return request;
    }

    int payloadBytes() {
        return payloadBytes;
    }

    StreamTracker tracker() {
        return tracker;
    }

    ReceiveBuffers buffers() {
        return buffers;
    }
}

package dev.freshet.agent.consumer;

import dev.freshet.common.wire.StartHandshake;
import dev.freshet.common.zmq.SafeContext;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * Says {@code start} to one producer and waits for its {@code start}. The call waits in JeroMQ until the producer is there.
 *
 * <p>Owned by the thread that receives.
 */
final class StartCall {
    private final SafeContext context;
    private final Source source;
    private ZMQ.Socket socket;
    private boolean said;
    private boolean answered;

    StartCall(SafeContext context, Source source) {
        this.context = context;
        this.source = source;
    }

    /** Takes the next step, if there is one to take. */
    void advance() {
        if (answered) {
            return;
        }
        if (socket == null) {
            socket = context.socket(SocketType.REQ, StartHandshake.MAX_FRAME_BYTES);
            socket.connect(source.startEndpoint());
        }
        said = said || socket.send(StartHandshake.start(), ZMQ.DONTWAIT);
        byte[] reply = socket.recv(ZMQ.DONTWAIT);
        if (reply == null) {
            return;
        }
        if (!StartHandshake.isStart(reply)) {
            throw new IllegalStateException(source.name() + " at " + source.startEndpoint()
                    + " answered start with something else; is it a producer's control port?");
        }
        socket.close();
        answered = true;
    }

    boolean isAnswered() {
        return answered;
    }
}

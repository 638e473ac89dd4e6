package dev.freshet.agent.zmtp;

import dev.freshet.common.wire.Subscription;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One peer of a PUB endpoint: its handshake, what it has subscribed to, and what waits for it.
 *
 * <p>Two threads. The publishing thread adds messages and writes them as long as the peer takes them; when it takes no more, the I/O thread goes on
 * writing until nothing waits, and then hands the socket back. Whoever writes holds {@link #writer}. All else is the I/O thread's.
 */
final class PubConnection implements IoThread.Handler {
    private static final long HANDSHAKE_NANOS = 2_000_000_000L;

    private static final Set<String> SUBSCRIBERS = Set.of("SUB", "XSUB");
    private static final int MAX_FRAME_BYTES = 4096; // subscriptions; nothing else is of interest

    /**
     * Between processes of one machine nothing is on the way, so a buffer that the kernel lets grow to megabytes only pushes what it holds out of
     * the processor's cache: with this one 1 MiB messages cost a quarter less processor time. Elsewhere the kernel fits the buffer to the way.
     */
    private static final int LOCAL_SEND_BUFFER_BYTES = 384 << 10;

    private static final int NOBODY = 0;
    private static final int PUBLISHING_THREAD = 1;
    private static final int IO_THREAD = 2;

    private final PubEndpoint endpoint;
    private final SocketChannel channel;
    private final InetSocketAddress address;
    private final Inbound inbound = new Inbound(SUBSCRIBERS, MAX_FRAME_BYTES, MAX_FRAME_BYTES);
    private final long sinceNanos = System.nanoTime();
    private final AtomicInteger writer = new AtomicInteger(NOBODY);
    private final int[] subscriptions; // to beginnings of the topic, by their length
    private int matching;
    private SelectionKey key;
    private boolean closed;
    private boolean inMessage; // a frame with MORE came before
    private volatile ByteBuffer answer; // a PONG that waits for its turn
    private ByteBuffer answering; // one that has been begun: nothing else may go out before its end
    private volatile SendQueue queue; // null before the first subscription
    private long passedOver; // of the publishing thread, as is the next
    private boolean leftBehind;

    PubConnection(PubEndpoint endpoint, SocketChannel channel, InetSocketAddress address) {
        this.endpoint = endpoint;
        this.channel = channel;
        this.address = address;
        subscriptions = new int[endpoint.topic().length + 1];
    }

    /**
     * Begins to greet; by the I/O thread, once. The rest waits for the peer's signature: of JeroMQ's connects some 1 in 100 do not see what comes
     * (upstream issues 624 and 912) until they give the handshake up and try again; but one that finds a whole greeting at its very first look takes
     * the handshake for done, and then sees nothing ever.
     */
    void open() {
        try {
            key = endpoint.io().register(channel, SelectionKey.OP_READ, this);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (isOnThisMachine()) {
                channel.setOption(StandardSocketOptions.SO_SNDBUF, LOCAL_SEND_BUFFER_BYTES);
            }
            say(Greeting.ourSignature());
        } catch (IOException e) { // it has left already
            close();
        }
    }

    private boolean isOnThisMachine() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getAddress().equals(address.getAddress());
    }

    private void say(byte[] frame) throws IOException {
        if (channel.write(ByteBuffer.wrap(frame)) < frame.length) {
            throw new IOException("no room for a handshake");
        }
    }

    // --- the publishing thread

    boolean hasRoom(int headBytes, int payloadBytes) {
        return queue.hasRoom(headBytes, payloadBytes);
    }

    void add(ByteBuffer head, int payloadBytes) {
        queue.add(head, payloadBytes);
    }

    /** Gives it nothing more until half of its queue is free. */
    void leaveBehind() {
        leftBehind = true;
    }

    boolean isLeftBehind() {
        if (leftBehind && queue.isHalfFree()) {
            leftBehind = false;
        }
        return leftBehind;
    }

    /** A message goes to others and not to this one. */
    void passOver() {
        passedOver++;
    }

    long passedOver() {
        return passedOver;
    }

    InetSocketAddress address() {
        return address;
    }

    /** Writes what waits, unless the I/O thread is at it: it looks again before it hands the socket back. */
    void flush() {
        VarHandle.fullFence(); // an I/O thread that hands the socket back after this look at it sees what was added
        if (!writer.compareAndSet(NOBODY, PUBLISHING_THREAD)) {
            return;
        }
        try {
            if (queue.writeTo(channel)) {
                writer.set(NOBODY);
                if (answer != null) { // it came meanwhile, and could not go out
                    endpoint.io().post(this::writeOn);
                }
                return;
            }
        } catch (IOException e) {
            endpoint.io().post(this::close);
            return; // the socket stays with this thread, which never uses it again
        }
        writer.set(IO_THREAD);
        try {
            key.interestOpsOr(SelectionKey.OP_WRITE);
            endpoint.io().wake();
        } catch (CancelledKeyException e) {
            // closed meanwhile: there is nothing to be written any more
        }
    }

    // --- the I/O thread

    @Override
    public void ready(SelectionKey ready) {
        if (ready.isReadable()) {
            read();
        }
        if (!closed && ready.isWritable()) {
            writeOn();
        }
    }

    /** Goes on writing, if the socket is this thread's or nobody's. */
    private void writeOn() {
        if (closed || writer.get() != IO_THREAD && !writer.compareAndSet(NOBODY, IO_THREAD)) {
            return;
        }
        try {
            while (true) {
                if (!endAnswer() || queue != null && !queue.writeTo(channel) || !beginAnswer()) {
                    key.interestOpsOr(SelectionKey.OP_WRITE);
                    return;
                }
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
                writer.set(NOBODY);
                VarHandle.fullFence();
                // what was added before the socket was handed back may have been left to this thread
                if ((queue == null || queue.isBetweenMessages()) || !writer.compareAndSet(NOBODY, IO_THREAD)) {
                    return;
                }
            }
        } catch (IOException e) {
            close();
        }
    }

    /** Between two messages only; as long as these flow they show as well that this end lives. */
    private boolean beginAnswer() throws IOException {
        if (answer != null && (queue == null || queue.isBetweenMessages())) {
            answering = answer;
            answer = null;
        }
        return endAnswer();
    }

    /** Whether nothing is left of a PONG that has been begun. */
    private boolean endAnswer() throws IOException {
        if (answering != null) {
            channel.write(answering);
            if (answering.hasRemaining()) {
                return false;
            }
            answering = null;
        }
        return true;
    }

    private void read() {
        try {
            ByteBuffer in = endpoint.inBuffer().clear();
            if (channel.read(in) < 0) {
                close();
                return;
            }
            in.flip();
            for (Inbound.Part part = inbound.next(in); part != null && !closed; part = inbound.next(in)) {
                switch (part) {
                    case SIGNATURE -> say(Greeting.oursAfterSignature());
                    case GREETING -> say(Command.ready("PUB"));
                    case READY -> {}
                    case FRAME -> take(inbound.frame());
                }
            }
        } catch (ZmtpException e) {
            endpoint.strangers().ended(address, e.getMessage());
            close();
        } catch (IOException e) {
            close();
        }
    }

    private void take(FrameReader frame) throws ZmtpException {
        if (frame.isCommand()) {
            byte[] pong = Command.pongTo(frame.kept(), frame.keptLength());
            if (pong != null) {
                answer = ByteBuffer.wrap(pong);
                writeOn();
                return;
            }
            byte[] told = Command.subscription(frame.kept(), frame.keptLength());
            if (told != null) {
                subscribe(told);
            }
            return;
        }
        boolean single = !inMessage && !frame.hasMore();
        inMessage = frame.hasMore();
        if (single) {
            subscribe(Arrays.copyOf(frame.kept(), frame.keptLength()));
        }
    }

    private void subscribe(byte[] told) throws ZmtpException {
        if (!Subscription.concerns(told, endpoint.topic())) {
            return;
        }
        int length = told.length - 1;
        int change = Subscription.change(told);
        if (change < 0 && subscriptions[length] == 0) {
            return; // it had none
        }
        subscriptions[length] += change;
        matching += change;
        if (change > 0 && matching == 1) {
            endpoint.requireRoomForOneMore();
            if (queue == null) {
                queue = endpoint.newQueue();
            }
            endpoint.subscribed(this);
        } else if (change < 0 && matching == 0) {
            endpoint.unsubscribed(this);
        }
    }

    @Override
    public void look(long nowNanos) {
        if (!inbound.isReady() && nowNanos - sinceNanos > HANDSHAKE_NANOS) {
            endpoint.strangers().ended(address, "it had not introduced itself after 2 s");
            close();
        }
    }

    private void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone all the same
        }
        endpoint.left(this);
    }
}

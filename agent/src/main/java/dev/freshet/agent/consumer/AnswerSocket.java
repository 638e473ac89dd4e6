package dev.freshet.agent.consumer;

import dev.freshet.common.time.EpochClock;
import dev.freshet.common.wire.Response;
import dev.freshet.common.wire.Subscription;
import dev.freshet.common.zmq.SafeContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * The socket that answers are published on. No answer is dropped in silence: when a subscriber has not read for {@link #HIGH_WATER_MARK}
 * answers, the next one waits for it, and the consumer with it, as long as a network that hiccups may need. A subscriber that has not read
 * by then is left behind, which is counted: JeroMQ gives it nothing more until it reads again, and nobody else waits for it.
 *
 * <p>Each answer is a small array of its own, as JeroMQ keeps it until the last subscriber has it; it is the one thing besides JeroMQ's own
 * frames that is allocated for a message.
 *
 * <p>Owned by the thread that receives.
 */
final class AnswerSocket {
    private static final int HIGH_WATER_MARK = 10_000;
    private static final int SOCKET_BUFFER_BYTES = 512 << 10;
    private static final int MAX_FRAME_BYTES = 4096; // subscriptions and handshakes
    private static final int READ_BURST = 256;
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long RETRY_NANOS = 200_000L;
    private static final byte[] TOPIC = Response.TOPIC.getBytes(StandardCharsets.US_ASCII);

    private final ZMQ.Socket socket;
    private final EpochClock clock;
    private final ByteBuffer text = ByteBuffer.allocate(Response.MAX_BYTES);
    private int subscribers;
    private long answered;
    private long leftBehind;
    private long waitedNanos;

    AnswerSocket(SafeContext context, EpochClock clock) {
        this.clock = clock;
        socket = context.socket(SocketType.XPUB, MAX_FRAME_BYTES);
        socket.setSndHWM(HIGH_WATER_MARK);
        socket.setXpubNoDrop(true);
        socket.setXpubVerboser(true);
    }

    int bind(String what, String address, int port) {
        int bound = SafeContext.bind(socket, what, address, port);
        socket.setSendBufferSize(SOCKET_BUFFER_BYTES); // JeroMQ refuses it on a socket that is still to be bound
        return bound;
    }

    /** Publishes the answer to a message, its t3 stamped now. */
    void answer(byte[] id, int idLength, long seq, long t2Micros) {
        if (subscribers == 0) {
            readSubscriptions(); // one may have come this moment
        }
        boolean reached = subscribers > 0;
        if (!offer(id, idLength, seq, t2Micros)) {
            reached = offerPatiently(id, idLength, seq, t2Micros);
        }
        if (reached) {
            answered++;
        }
    }

    private boolean offer(byte[] id, int idLength, long seq, long t2Micros) {
        text.clear();
        Response.write(text, id, idLength, seq, t2Micros, clock.epochMicros());
        // refused, if at all, at the first frame: the second one always follows it
        return socket.send(TOPIC, ZMQ.DONTWAIT | ZMQ.SNDMORE)
                && socket.send(Arrays.copyOf(text.array(), text.position()), ZMQ.DONTWAIT);
    }

    /** Whether there is one whom the answer can have reached. */
    private boolean offerPatiently(byte[] id, int idLength, long seq, long t2Micros) {
        long began = System.nanoTime();
        boolean taken = false;
        while (!taken && System.nanoTime() - began < PATIENCE_NANOS) {
            LockSupport.parkNanos(this, RETRY_NANOS);
            taken = offer(id, idLength, seq, t2Micros);
        }
        waitedNanos += System.nanoTime() - began;
        if (taken) {
            return true;
        }
        leftBehind++;
        socket.setXpubNoDrop(false);
        offer(id, idLength, seq, t2Micros);
        socket.setXpubNoDrop(true);
        return subscribers > 1;
    }

    /** Takes what subscribers have sent, a burst at a time, and counts who wants answers. */
    void readSubscriptions() {
        for (int i = 0; i < READ_BURST; i++) {
            byte[] told = socket.recv(ZMQ.DONTWAIT);
            if (told == null) {
                return;
            }
            if (Subscription.concerns(told, TOPIC)) {
                subscribers += Subscription.change(told);
            }
        }
    }

    /** How many subscriptions to answers there are; one that is made again after a lost connection can count twice. */
    int subscribers() {
        return subscribers;
    }

    /** How long was waited for subscribers to read, in all, in nanoseconds: nothing was received meanwhile. */
    long waitedNanos() {
        return waitedNanos;
    }

    /** Answers published, but for those that there was nobody to receive. */
    long answered() {
        return answered;
    }

    /** How often a subscriber was left behind because it did not read. */
    long leftBehind() {
        return leftBehind;
    }
}

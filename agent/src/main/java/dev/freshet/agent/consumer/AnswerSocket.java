package dev.freshet.agent.consumer;

import dev.freshet.agent.zmtp.IoThread;
import dev.freshet.agent.zmtp.MessageHead;
import dev.freshet.agent.zmtp.PubEndpoint;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.wire.Response;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/**
 * The socket that answers are published on. No answer is dropped in silence: when a subscriber has not read until its queue is full, the next
 * answer waits for it, and the consumer with it, as long as a network that hiccups may need. A subscriber that has not read by then is left
 * behind, which is counted: it gets nothing more until it has read half of what waits for it, and nobody else waits for it.
 *
 * <p>Owned by the thread that receives.
 */
final class AnswerSocket {
    private static final int HELD_BACK_BYTES = 16 << 10;
    private static final long PATIENCE_NANOS = 1_000_000_000L;
    private static final long RETRY_NANOS = 200_000L;
    private static final ByteBuffer NO_PAYLOAD = ByteBuffer.allocateDirect(1);
    private static final MessageHead HEAD = new MessageHead(Response.TOPIC);

    private final PubEndpoint endpoint;
    private final EpochClock clock;
    private final ByteBuffer message = ByteBuffer.allocateDirect(HEAD.maxBytes() + Response.MAX_BYTES);
    private int heldBackBytes;
    private long answered;
    private long leftBehind;
    private long waitedNanos;

    /** @param queueBytes of answers that wait for one subscriber, a power of two */
    AnswerSocket(IoThread io, EpochClock clock, int queueBytes) {
        this.clock = clock;
        endpoint = new PubEndpoint(io, Response.TOPIC, queueBytes, 1, NO_PAYLOAD);
    }

    int bind(String what, String address, int port) {
        return endpoint.bind(what, address, port);
    }

    /** Publishes the answer to a message, its t3 stamped now; it may be held back until {@link #flush}. */
    void answer(byte[] id, int idLength, long seq, long t2Micros) {
        write(id, idLength, seq, t2Micros);
        int takenFor = endpoint.offer(message, 0, true);
        if (takenFor == PubEndpoint.REFUSED) {
            takenFor = offerPatiently(id, idLength, seq, t2Micros);
        }
        if (takenFor > 0) {
            answered++;
        }
        heldBackBytes += message.remaining();
        if (heldBackBytes >= HELD_BACK_BYTES) {
            flush();
        }
    }

    private void write(byte[] id, int idLength, long seq, long t2Micros) {
        int bodyStart = HEAD.maxBytes();
        message.clear().position(bodyStart);
        Response.write(message, id, idLength, seq, t2Micros, clock.epochMicros());
        int end = message.position();
        int start = HEAD.writeBefore(message, bodyStart, end - bodyStart);
        message.limit(end).position(start);
    }

    private int offerPatiently(byte[] id, int idLength, long seq, long t2Micros) {
        flush();
        long began = System.nanoTime();
        int takenFor = PubEndpoint.REFUSED;
        while (takenFor == PubEndpoint.REFUSED && System.nanoTime() - began < PATIENCE_NANOS) {
            LockSupport.parkNanos(this, RETRY_NANOS);
            write(id, idLength, seq, t2Micros);
            takenFor = endpoint.offer(message, 0, true);
        }
        waitedNanos += System.nanoTime() - began;
        if (takenFor == PubEndpoint.REFUSED) {
            leftBehind++;
            endpoint.leaveBehind(message, 0);
            takenFor = endpoint.offer(message, 0, true);
        }
        return takenFor;
    }

    /** Lets go of the answers that were held back. */
    void flush() {
        if (heldBackBytes > 0) {
            heldBackBytes = 0;
            endpoint.flush();
        }
    }

    /** How many subscribe to answers. */
    int subscribers() {
        return endpoint.subscriberCount();
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

    void close() {
        endpoint.close();
    }
}

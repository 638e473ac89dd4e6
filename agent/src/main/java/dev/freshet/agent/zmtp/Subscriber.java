package dev.freshet.agent.zmtp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A SUB socket that receives messages of one topic from any number of publishers: two frames, the topic and a body. It reads straight from
 * the connections into one buffer, which stays in the processor's cache; what waits, waits in the kernel's buffers and at the publishers.
 * A connection that is lost is made again.
 *
 * <p>Owned by one thread; {@link #wake} and {@link #isConnected} are for any.
 */
public final class Subscriber implements AutoCloseable {
    private static final int BUFFER_BYTES = 256 << 10;

    /** What has been read and finds no room is kept, for each connection: all together take no more, unless there are a thousand. */
    private static final int KEPT_BYTES = 16 << 20;

    private static final int MIN_BYTES_AT_ONCE = 16 << 10;

    private final byte[] topic;
    private final int keptBytes;
    private final long maxFrameBytes;
    private final Receiver receiver;
    private final Selector selector;
    private final Selector quiet; // without sockets: for waiting when nothing may be received
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final List<SubConnection> connections = new ArrayList<>();
    private int first; // whose turn it is to be the first that room is given to
    private int received; // in this poll

    /** Takes what is received. */
    public interface Receiver {
        /** Whether one more message can be taken; if not, all that follows waits where it is. */
        boolean hasRoom();

        /**
         * A message has come.
         *
         * @param publisher from whom, by the order in which they were connected to
         * @param body its beginning, valid until this returns
         * @param keptLength how much of it is there
         * @param sizeBytes of the whole body
         */
        void received(int publisher, byte[] body, int keptLength, long sizeBytes);

        /** Something has come that is no message of two frames, or of another topic. */
        void malformed(int publisher);
    }

    /**
     * @param keptBytes how much of a body is handed over
     * @param maxFrameBytes a publisher that announces a larger frame is cut off
     */
    public Subscriber(String topic, int keptBytes, long maxFrameBytes, Receiver receiver) {
        this.topic = topic.getBytes(StandardCharsets.US_ASCII);
        this.keptBytes = Math.max(keptBytes, topic.length());
        this.maxFrameBytes = maxFrameBytes;
        this.receiver = receiver;
        try {
            selector = Selector.open();
            quiet = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException("no selector", e);
        }
    }

    /**
     * Connects to a publisher and subscribes, as soon as it is there.
     *
     * @param endpoint {@code tcp://host:port}
     * @param onConnected called by the owner's thread, in {@link #poll}, whenever the handshake is done and the subscription sent
     */
    public void connect(String endpoint, Runnable onConnected) {
        SubConnection connection = new SubConnection(this, connections.size(), endpoint, onConnected);
        connections.add(connection);
        connection.connect(System.nanoTime());
    }

    /** Whether the connection to a publisher stands. */
    public boolean isConnected(int publisher) {
        return connections.get(publisher).isReady();
    }

    /**
     * Receives what there is, a buffer from each connection; if there is nothing, waits for something.
     *
     * @return how many messages were handed over
     */
    public int poll(long maxWaitMillis) {
        received = 0;
        if (!receiver.hasRoom()) {
            rest(maxWaitMillis);
            return 0;
        }
        long now = System.nanoTime();
        long waitMillis = maxWaitMillis;
        int count = connections.size();
        for (int i = 0; i < count; i++) {
            waitMillis =
                    Math.min(waitMillis, connections.get((first + i) % count).look(now));
        }
        first = first + 1 < count ? first + 1 : 0;
        if (received > 0) {
            waitMillis = 0;
        }
        try {
            if (waitMillis > 0) {
                selector.select(Subscriber::dispatch, waitMillis);
            } else {
                selector.selectNow(Subscriber::dispatch);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("waiting for messages", e);
        }
        return received;
    }

    private static void dispatch(SelectionKey key) {
        if (key.isValid()) {
            ((SubConnection) key.attachment()).ready(key);
        }
    }

    /** Waits without receiving anything, until {@link #wake} is called. */
    public void rest(long maxWaitMillis) {
        try {
            if (maxWaitMillis > 0) {
                quiet.select(maxWaitMillis);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("waiting", e);
        }
    }

    /** Ends a wait, or the next one. */
    public void wake() {
        selector.wakeup();
        quiet.wakeup();
    }

    @Override
    public void close() {
        connections.forEach(SubConnection::close);
        try {
            selector.close();
            quiet.close();
        } catch (IOException e) {
            throw new UncheckedIOException("closing", e);
        }
    }

    void countReceived() {
        received++;
    }

    Receiver receiver() {
        return receiver;
    }

    Selector selector() {
        return selector;
    }

    ByteBuffer buffer() {
        return buffer;
    }

    /** How much is read from a connection at once. */
    int bytesAtOnce() {
        return Math.max(MIN_BYTES_AT_ONCE, Math.min(BUFFER_BYTES, KEPT_BYTES / connections.size()));
    }

    byte[] topic() {
        return topic;
    }

    int keptBytes() {
        return keptBytes;
    }

    long maxFrameBytes() {
        return maxFrameBytes;
    }
}

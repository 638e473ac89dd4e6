package dev.freshet.agent.zmtp;

import dev.freshet.common.zmq.SafeContext;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A PUB socket that publishes messages of one topic. Each subscriber has a bounded queue of its own.
 *
 * <p>{@link #offer}, {@link #flush} and {@link #passedOver} belong to the publishing thread; the rest is for any thread.
 */
public final class PubEndpoint implements AutoCloseable, IoThread.Handler {
    /** A message was taken for nobody, as there was no room. */
    public static final int REFUSED = -1;

    private static final int BACKLOG = 1024;
    private static final int IN_BUFFER_BYTES = 1 << 14;
    private static final int MAX_CONNECTIONS = 512;
    private static final int MAX_FROM_ONE_ADDRESS = 256;
    private static final int MAX_SUBSCRIBERS = 32; // each costs a queue
    private static final PubConnection[] NONE = {};
    private static final System.Logger LOG = System.getLogger(PubEndpoint.class.getName());

    private final IoThread io;
    private final byte[] topic;
    private final int queueBytes;
    private final int maxPayloads;
    private final ByteBuffer payload;
    private final ByteBuffer in = ByteBuffer.allocateDirect(IN_BUFFER_BYTES);
    private final Map<InetAddress, Integer> openFrom = new HashMap<>();
    private ServerSocketChannel server;
    private Strangers strangers;
    private SelectionKey accepting;
    private int open;
    private volatile PubConnection[] subscribers = NONE; // replaced by the I/O thread
    private volatile boolean everSubscribed;

    /**
     * @param topic the first frame of every message
     * @param queueBytes what may wait for one subscriber, a power of two; the payloads that are taken from {@code payload} do not count
     * @param maxPayloads how many messages with such a payload may wait for one subscriber
     * @param payload what payloads are made of, over and over; must not change
     */
    public PubEndpoint(IoThread io, String topic, int queueBytes, int maxPayloads, ByteBuffer payload) {
        this.io = io;
        this.topic = topic.getBytes(StandardCharsets.US_ASCII);
        this.queueBytes = queueBytes;
        this.maxPayloads = maxPayloads;
        this.payload = payload;
    }

    /**
     * Binds, and lets subscribers in from then on.
     *
     * @param what who asked for the port, for the error
     * @param address a local address, or {@code *}
     * @param port 0 takes any free one
     * @return the port bound
     * @throws dev.freshet.common.InputException if the port is taken, or the address is not one of this machine's
     */
    public int bind(String what, String address, int port) {
        try {
            server = ServerSocketChannel.open();
            server.bind(
                    address.equals("*") ? new InetSocketAddress(port) : new InetSocketAddress(address, port), BACKLOG);
            int bound = ((InetSocketAddress) server.getLocalAddress()).getPort();
            strangers = new Strangers(what + " " + bound);
            io.post(this::listen);
            return bound;
        } catch (IOException | IllegalArgumentException e) {
            close();
            throw SafeContext.cannotBind(what, address, port, e);
        }
    }

    // --- the publishing thread

    /**
     * Takes a message for all subscribers, or for those that have room. Taken does not mean delivered, nor that it was written already: see
     * {@link #flush}. Without subscribers it goes nowhere.
     *
     * @param head the frames' headers and all else but the payload, from its position to its limit, which stay
     * @param payloadBytes how much of the shared payload follows
     * @param toAll whether it is for all subscribers that are not left behind, or for none; else one without room is passed over, unless none has
     *     any
     * @return for how many subscribers it was taken, or {@link #REFUSED}
     */
    public int offer(ByteBuffer head, int payloadBytes, boolean toAll) {
        PubConnection[] to = subscribers;
        int headBytes = head.remaining();
        int wanting = 0;
        int roomy = 0;
        for (PubConnection subscriber : to) {
            if (!subscriber.isLeftBehind()) {
                wanting++;
                roomy += subscriber.hasRoom(headBytes, payloadBytes) ? 1 : 0;
            }
        }
        if (roomy < wanting && (toAll || roomy == 0)) {
            return REFUSED;
        }
        for (PubConnection subscriber : to) {
            if (roomy == to.length || !subscriber.isLeftBehind() && subscriber.hasRoom(headBytes, payloadBytes)) {
                subscriber.add(head, payloadBytes);
            } else {
                subscriber.passOver();
            }
        }
        return roomy;
    }

    /** Gives nothing more to subscribers without room for this message, until half of what waits for them has been read. */
    public void leaveBehind(ByteBuffer head, int payloadBytes) {
        for (PubConnection subscriber : subscribers) {
            if (!subscriber.hasRoom(head.remaining(), payloadBytes)) {
                subscriber.leaveBehind();
            }
        }
    }

    /** Writes what has been taken, as far as subscribers take it now; the rest follows by itself. */
    public void flush() {
        for (PubConnection subscriber : subscribers) {
            subscriber.flush();
        }
    }

    /** Subscribers that were passed over, with how often, for people; of those that are still there. */
    public List<String> passedOver() {
        List<String> told = new ArrayList<>();
        for (PubConnection subscriber : subscribers) {
            if (subscriber.passedOver() > 0) {
                told.add(subscriber.passedOver() + " messages were not given to the subscriber at "
                        + subscriber.address() + ", as it did not read");
            }
        }
        return told;
    }

    // --- any thread

    /** How many subscribe to the topic now. */
    public int subscriberCount() {
        return subscribers.length;
    }

    /** Whether there has been a subscriber. */
    public boolean isEverSubscribed() {
        return everSubscribed;
    }

    /** How many connections were ended because of what came from them. */
    public long strangerCount() {
        return strangers.count();
    }

    @Override
    public void close() {
        try {
            if (server != null) {
                server.close();
            }
        } catch (IOException e) {
            // closed all the same
        }
    }

    // --- the I/O thread

    private void listen() {
        try {
            accepting = io.register(server, SelectionKey.OP_ACCEPT, this);
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed before it could be listened to", e);
        }
    }

    @Override
    public void ready(SelectionKey key) {
        io.post(this::acceptOne); // after those that are ready as well: who leaves makes room for who comes next
    }

    private void acceptOne() {
        try {
            SocketChannel channel = server.accept();
            if (channel != null) {
                accept(channel);
            }
        } catch (ClosedChannelException e) {
            LOG.log(System.Logger.Level.DEBUG, "closed before one more was let in", e);
        } catch (IOException e) {
            // no descriptors are left, or the peer is gone already: the next look takes it up again
            accepting.interestOps(0);
            strangers.ended("somebody", "it could not be let in: " + e.getMessage());
        }
    }

    private void accept(SocketChannel channel) throws IOException {
        InetSocketAddress from = (InetSocketAddress) channel.getRemoteAddress();
        int fromThere = openFrom.getOrDefault(from.getAddress(), 0);
        if (fromThere >= MAX_FROM_ONE_ADDRESS || open >= MAX_CONNECTIONS) {
            strangers.ended(from, fromThere + " connections from there and " + open + " in all are open");
            channel.close();
            return;
        }
        PubConnection connection = new PubConnection(this, channel, from);
        open++;
        openFrom.put(from.getAddress(), fromThere + 1);
        connection.open();
    }

    @Override
    public void look(long nowNanos) {
        accepting.interestOps(SelectionKey.OP_ACCEPT);
    }

    void requireRoomForOneMore() throws ZmtpException {
        if (subscribers.length >= MAX_SUBSCRIBERS) {
            throw new ZmtpException(MAX_SUBSCRIBERS + " have subscribed already");
        }
    }

    void subscribed(PubConnection connection) {
        PubConnection[] before = subscribers;
        PubConnection[] now = Arrays.copyOf(before, before.length + 1);
        now[before.length] = connection;
        subscribers = now;
        everSubscribed = true;
    }

    void unsubscribed(PubConnection connection) {
        subscribers =
                Arrays.stream(subscribers).filter(other -> other != connection).toArray(PubConnection[]::new);
    }

    void left(PubConnection connection) {
        unsubscribed(connection);
        open--;
        openFrom.computeIfPresent(connection.address().getAddress(), (from, count) -> count == 1 ? null : count - 1);
    }

    /** @throws ZmtpException if there is no memory for it, which is no reason to let down those that have one */
    SendQueue newQueue() throws ZmtpException {
        try {
            return new SendQueue(queueBytes, maxPayloads, payload);
        } catch (OutOfMemoryError e) {
            throw new ZmtpException("no memory is left for one more subscriber: " + e.getMessage());
        }
    }

    byte[] topic() {
        return topic;
    }

    /** Where each connection's input is read into; all of it is used up at once. */
    ByteBuffer inBuffer() {
        return in;
    }

    IoThread io() {
        return io;
    }

    Strangers strangers() {
        return strangers;
    }
}

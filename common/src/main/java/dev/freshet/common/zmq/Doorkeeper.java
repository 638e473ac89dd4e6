package dev.freshet.common.zmq;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.zeromq.ZMQ;
import zmq.Msg;
import zmq.io.Metadata;

/**
 * Who is connected to a socket that is bound, and for how long they may be without having said anything sensible. JeroMQ keeps a connection for
 * ever whose other end greets and is silent, and its accept loop spins when the process has no descriptors left.
 *
 * <p>A connection is ended by closing its input: to JeroMQ its other end has then left, and it cleans up as it always does. The guard works on
 * connections; no message passes through it.
 *
 * <p>Told by the I/O thread; the rest from any thread.
 */
public final class Doorkeeper {
    /** How long a connection may say nothing sensible, where that is asked for. */
    public static final long INTRODUCTION_MILLIS = 10_000;

    /** How many connections one address may hold where few are needed: a producer's or a consumer's port. */
    public static final int FEW = 256;

    /** How many connections one address may hold where a whole fleet may live on one host. */
    public static final int MANY = 2_048;

    private static final int ADDRESSES = 2; // that may hold so many
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final long LOG_NANOS = 60_000_000_000L;
    private static final System.Logger LOG = System.getLogger(Doorkeeper.class.getName());

    private final int maxFromOne;
    private final Map<SocketChannel, Visitor> visitors = new IdentityHashMap<>();
    private final Map<String, Visitor> byAddress = new HashMap<>();
    private final Map<String, Integer> openFrom = new HashMap<>();
    private Runnable onListening = () -> {};
    private long loggedNanos = System.nanoTime() - LOG_NANOS;
    private long lookedNanos = System.nanoTime();
    private long turnedAway;

    private static final class Visitor {
        final String host;
        final String address; // as JeroMQ writes it
        final long sinceNanos = System.nanoTime();
        boolean introduced;
        boolean ended;

        Visitor(InetSocketAddress address) {
            host = address.getAddress().getHostAddress();
            this.address = host + ":" + address.getPort();
        }
    }

    /** @param maxFromOne how many connections one address may hold */
    public Doorkeeper(int maxFromOne) {
        this.maxFromOne = maxFromOne;
    }

    /** To be run once when the socket listens, before anybody is connected. */
    public Doorkeeper whenListening(Runnable action) {
        onListening = action;
        return this;
    }

    /** Begins; before the socket binds. */
    void watch(ZMQ.Socket socket) {
        socket.base()
                .setEventHook(
                        this::told,
                        zmq.ZMQ.ZMQ_EVENT_LISTENING | zmq.ZMQ.ZMQ_EVENT_ACCEPTED | zmq.ZMQ.ZMQ_EVENT_DISCONNECTED);
    }

    private void told(zmq.ZMQ.Event event) {
        switch (event.event) {
            case zmq.ZMQ.ZMQ_EVENT_LISTENING -> onListening.run();
            case zmq.ZMQ.ZMQ_EVENT_ACCEPTED -> accepted((SocketChannel) event.arg);
            case zmq.ZMQ.ZMQ_EVENT_DISCONNECTED -> left((SocketChannel) event.arg);
            default -> {}
        }
    }

    private synchronized void accepted(SocketChannel channel) {
        try {
            Visitor visitor = new Visitor((InetSocketAddress) channel.getRemoteAddress());
            if (isFull(visitor.host)) {
                forgetClosed();
            }
            visitors.put(channel, visitor);
            byAddress.put(visitor.address, visitor);
            openFrom.merge(visitor.host, 1, Integer::sum);
            if (isOverFull(visitor.host)) {
                turnedAway++;
                end(channel, visitor);
                log(visitor.host);
            }
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection was gone before it was looked at", e);
        }
    }

    private boolean isFull(String host) {
        return openFrom.getOrDefault(host, 0) >= maxFromOne || visitors.size() >= ADDRESSES * maxFromOne;
    }

    private boolean isOverFull(String host) {
        return openFrom.get(host) > maxFromOne || visitors.size() > ADDRESSES * maxFromOne;
    }

    private synchronized void left(SocketChannel channel) {
        Visitor visitor = visitors.remove(channel);
        if (visitor != null) {
            byAddress.remove(visitor.address, visitor);
            openFrom.computeIfPresent(visitor.host, (host, count) -> count == 1 ? null : count - 1);
        }
    }

    private static void end(SocketChannel channel, Visitor visitor) {
        visitor.ended = true;
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            LOG.log(System.Logger.Level.DEBUG, "a connection that was to be ended has ended", e);
        }
    }

    private void log(String host) {
        long now = System.nanoTime();
        if (now - loggedNanos >= LOG_NANOS) {
            loggedNanos = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a connection from {0} was turned away: {1} from there and {2} in all are open; no more lines of this kind for a minute",
                    host,
                    openFrom.get(host) - 1,
                    visitors.size() - 1);
        }
    }

    /** Takes note that a frame was sensible: whoever sent it may stay. */
    public void introduced(Msg frame) {
        Metadata metadata = frame.getMetadata();
        // a stranger may claim another's address here; it gains nothing, as its own connection ends all the same
        String address = metadata == null ? null : metadata.get(Metadata.PEER_ADDRESS);
        synchronized (this) {
            Visitor visitor = byAddress.get(address);
            if (visitor != null) {
                visitor.introduced = true;
            }
        }
    }

    /** Ends the connections that have been there for ten seconds and have not said anything sensible; looks once a second, however often called. */
    public synchronized void endTheSilent() {
        long now = System.nanoTime();
        if (now - lookedNanos < LOOK_NANOS) {
            return;
        }
        lookedNanos = now;
        forgetClosed();
        visitors.forEach((channel, visitor) -> {
            if (!visitor.introduced && !visitor.ended && now - visitor.sinceNanos > INTRODUCTION_MILLIS * 1_000_000) {
                end(channel, visitor);
            }
        });
    }

    /** JeroMQ does not tell of every end. */
    private void forgetClosed() {
        visitors.keySet().stream().filter(channel -> !channel.isOpen()).toList().forEach(this::left);
    }

    /** How many connections are open, as far as is known. */
    public synchronized int open() {
        return visitors.size();
    }

    /** How many connections were turned away because there were too many. */
    public synchronized long turnedAway() {
        return turnedAway;
    }
}

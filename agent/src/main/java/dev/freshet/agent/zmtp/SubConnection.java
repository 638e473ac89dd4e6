package dev.freshet.agent.zmtp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * A subscriber's connection to one publisher, made again whenever it is lost.
 *
 * <p>Owned by the subscriber's thread; {@link #isReady} is for any.
 */
final class SubConnection {
    private static final Set<String> PUBLISHERS = Set.of("PUB", "XPUB");
    private static final long RECONNECT_NANOS = 100_000_000L;
    private static final long RECONNECT_AFTER_NONSENSE_NANOS = 1_000_000_000L;
    private static final long HANDSHAKE_NANOS = 2_000_000_000L; // some of JeroMQ's accepts stall
    private static final int MAX_READS = 4; // of one connection before the next has its turn
    private static final int BODY_FRAME = 1;

    private final Subscriber subscriber;
    private final int place;
    private final String endpoint;
    private final Runnable onConnected;
    private final Strangers strangers;
    private SocketChannel channel; // null while there is none
    private Inbound inbound;
    private long deadlineNanos; // for the next attempt, or for the handshake
    private int frameIndex;
    private boolean twoFrames; // so far
    private ByteBuffer held = ByteBuffer.allocate(0); // what came when there was no room for it
    private volatile boolean ready;

    SubConnection(Subscriber subscriber, int place, String endpoint, Runnable onConnected) {
        this.subscriber = subscriber;
        this.place = place;
        this.endpoint = endpoint;
        this.onConnected = onConnected;
        strangers = new Strangers("the subscriber of " + endpoint);
    }

    boolean isReady() {
        return ready;
    }

    /** Begins an attempt; a connection that fails at once is tried again like any other. */
    void connect(long nowNanos) {
        inbound = new Inbound(PUBLISHERS, subscriber.keptBytes(), subscriber.maxFrameBytes());
        frameIndex = 0;
        deadlineNanos = nowNanos + HANDSHAKE_NANOS;
        try {
            channel = SocketChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.register(subscriber.selector(), SelectionKey.OP_CONNECT, this);
            if (channel.connect(address())) {
                greet(channel.keyFor(subscriber.selector()));
            }
        } catch (IOException | UnresolvedAddressException e) {
            lost(RECONNECT_NANOS);
        }
    }

    private InetSocketAddress address() {
        int hostStart = endpoint.indexOf("//") + 2;
        int colon = endpoint.lastIndexOf(':');
        return new InetSocketAddress(
                endpoint.substring(hostStart, colon), Integer.parseInt(endpoint.substring(colon + 1)));
    }

    private void greet(SelectionKey key) throws IOException {
        key.interestOps(SelectionKey.OP_READ);
        say(Greeting.ours());
    }

    private void say(byte[] frame) throws IOException {
        if (channel.write(ByteBuffer.wrap(frame)) < frame.length) {
            throw new IOException("no room for a handshake");
        }
    }

    /**
     * Hands over what was held back, and does what is due.
     *
     * @return in how many milliseconds this should be called again at the latest
     */
    long look(long nowNanos) {
        if (held.hasRemaining()) {
            takeAll(held);
        }
        if (!ready && nowNanos >= deadlineNanos) {
            if (channel == null) {
                connect(nowNanos);
            } else {
                lost(RECONNECT_NANOS);
            }
        }
        return ready ? Long.MAX_VALUE : Math.max(1, (deadlineNanos - nowNanos) / 1_000_000);
    }

    void ready(SelectionKey key) {
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                greet(key);
            }
            if (key.isReadable()) {
                read();
            }
        } catch (IOException e) {
            lost(RECONNECT_NANOS);
        }
    }

    private void read() throws IOException {
        ByteBuffer in = subscriber.buffer();
        for (int i = 0; i < MAX_READS && !held.hasRemaining(); i++) {
            in.clear().limit(subscriber.bytesAtOnce());
            int length = channel.read(in);
            if (length < 0) {
                lost(RECONNECT_NANOS);
                return;
            }
            in.flip();
            if (!takeAll(in)) {
                return;
            }
            if (in.hasRemaining()) {
                held = ByteBuffer.allocate(in.remaining()).put(in).flip();
            }
            if (length < subscriber.bytesAtOnce()) {
                return; // that was all there is
            }
        }
    }

    /** Takes as much as there is room for; false if the connection was ended. */
    private boolean takeAll(ByteBuffer in) {
        try {
            Subscriber.Receiver receiver = subscriber.receiver();
            while (receiver.hasRoom()) {
                Inbound.Part part = inbound.next(in);
                if (part == null) {
                    return true;
                }
                switch (part) {
                    case SIGNATURE -> {}
                    case GREETING -> say(Command.ready("SUB"));
                    case READY -> subscribe();
                    case FRAME -> take(inbound.frame());
                }
            }
            return true;
        } catch (ZmtpException e) {
            strangers.ended(endpoint, e.getMessage());
            lost(RECONNECT_AFTER_NONSENSE_NANOS);
        } catch (IOException e) {
            lost(RECONNECT_NANOS);
        }
        return false;
    }

    private void subscribe() throws IOException {
        String topic = new String(subscriber.topic(), StandardCharsets.US_ASCII);
        say(Command.subscribe(topic, inbound.knowsSubscribeCommand()));
        ready = true;
        onConnected.run();
    }

    private void take(FrameReader frame) throws IOException {
        if (frame.isCommand()) {
            byte[] pong = Command.pongTo(frame.kept(), frame.keptLength());
            if (pong != null) {
                say(pong);
            }
            return;
        }
        if (frameIndex == 0) {
            twoFrames = frame.hasMore() && isTopic(frame);
        } else {
            twoFrames &= frameIndex == BODY_FRAME && !frame.hasMore();
        }
        frameIndex++;
        if (!frame.hasMore()) {
            frameIndex = 0;
            subscriber.countReceived();
            if (twoFrames) {
                subscriber.receiver().received(place, frame.kept(), frame.keptLength(), frame.sizeBytes());
            } else {
                subscriber.receiver().malformed(place);
            }
        }
    }

    private boolean isTopic(FrameReader frame) {
        byte[] topic = subscriber.topic();
        return frame.sizeBytes() == topic.length
                && Arrays.equals(frame.kept(), 0, topic.length, topic, 0, topic.length);
    }

    /** The connection is of no use any more; another one is made after a while. */
    private void lost(long untilNextNanos) {
        close();
        held = ByteBuffer.allocate(0);
        deadlineNanos = System.nanoTime() + untilNextNanos;
    }

    void close() {
        ready = false;
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // it is gone all the same
            }
            channel = null;
        }
    }
}

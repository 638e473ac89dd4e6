package dev.freshet.agent.producer;

import dev.freshet.common.wire.Request;
import dev.freshet.common.wire.Subscription;
import dev.freshet.common.zmq.Doorkeeper;
import dev.freshet.common.zmq.SafeContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Msg;
import zmq.SocketBase;
import zmq.ZError;

/**
 * The publisher on JeroMQ: an XPUB socket for each channel, which with NODROP refuses a message instead of dropping it silently, and passes
 * up every subscription and unsubscription.
 *
 * <p>One subscriber that does not read makes its channel refuse for all. So does one that unsubscribes after a message was refused for it: it
 * stays matched in JeroMQ's {@code Dist} until it has read on or left. No count is wrong then, and no buffer unsafe.
 *
 * <p>Bound by one thread and then owned by the publishing thread.
 */
final class JeromqPublisher implements Publisher {
    /** Below this payload many messages are batched into one write, and a larger kernel buffer pays. */
    private static final int BATCHED_BELOW_BYTES = 64 << 10;

    private static final int SEND_BUFFER_BYTES = 512 << 10;

    /** Subscribers send subscriptions, nothing larger. */
    private static final int MAX_INBOUND_FRAME_BYTES = 4096;

    /** Subscriptions taken in before one message; a peer that floods us with more must not hold up sending. */
    private static final int MAX_DRAINED_FRAMES = 64;

    private static final byte[] TOPIC = Request.TOPIC.getBytes(StandardCharsets.US_ASCII);

    private final int maxSizeBytes;
    private final Channel[] channels;
    private final SharedFrame topic = new SharedFrame(Request.TOPIC);
    private final List<Integer> ports = new ArrayList<>();

    private static final class Channel {
        final ZMQ.Socket socket;
        final SocketBase base;
        final MessageRing ring;
        Msg body;
        boolean subscribed;

        Channel(ZMQ.Socket socket, MessageRing ring) {
            this.socket = socket;
            this.base = socket.base();
            this.ring = ring;
        }
    }

    /**
     * @param maxSizeBytes the largest payload that will be sent
     * @param idPrefix of {@code msg_id}
     */
    JeromqPublisher(SafeContext context, int channels, int maxSizeBytes, byte[] idPrefix) {
        this(context, channels, maxSizeBytes, idPrefix, HighWaterMark.messages(channels, maxSizeBytes), 2);
    }

    /** With a high-water mark of one's own, and {@code spareSlots} buffers more than that. */
    JeromqPublisher(
            SafeContext context, int channels, int maxSizeBytes, byte[] idPrefix, int highWaterMark, int spareSlots) {
        this.maxSizeBytes = maxSizeBytes;
        this.channels = new Channel[channels];
        for (int i = 0; i < channels; i++) {
            MessageRing ring = new MessageRing(highWaterMark + spareSlots, maxSizeBytes, idPrefix);
            this.channels[i] = new Channel(newSocket(context, highWaterMark), ring);
        }
    }

    private static ZMQ.Socket newSocket(SafeContext context, int highWaterMark) {
        ZMQ.Socket socket = context.socket(SocketType.XPUB, MAX_INBOUND_FRAME_BYTES);
        socket.setSndHWM(highWaterMark);
        socket.setXpubNoDrop(true);
        socket.setXpubVerboser(true);
        return socket;
    }

    @Override
    public void bind(String address, int dataPort) {
        for (int i = 0; i < channels.length; i++) {
            String what = channels.length == 1 ? "data port" : "data port of channel " + i;
            int port = dataPort == 0 ? 0 : dataPort + i;
            ports.add(SafeContext.bind(channels[i].socket, what, address, port, doorkeeper(channels[i].socket)));
        }
    }

    private Doorkeeper doorkeeper(ZMQ.Socket socket) {
        Doorkeeper doorkeeper = new Doorkeeper(Doorkeeper.FEW);
        if (maxSizeBytes >= BATCHED_BELOW_BYTES) {
            return doorkeeper;
        }
        // Before bind the option would be tried on the listening channel, which has none. Set when somebody is already
        // connected, it makes the I/O thread batch more than that connection's buffer holds. Between the two lies this
        // event, raised while binding.
        return doorkeeper.whenListening(() -> socket.setSendBufferSize(SEND_BUFFER_BYTES));
    }

    @Override
    public void fill() {
        for (Channel channel : channels) {
            channel.ring.fill();
        }
    }

    @Override
    public void prepare(int channel, long seq, long t1Micros, int sizeBytes) {
        Channel on = channels[channel];
        takeSubscriptions(on); // before writing: an unsubscription takes the buffers away
        on.body = on.ring.write(seq, t1Micros, sizeBytes);
    }

    @Override
    public boolean offer(int channel) {
        Channel on = channels[channel];
        if (!on.base.send(topic, zmq.ZMQ.ZMQ_DONTWAIT | zmq.ZMQ.ZMQ_SNDMORE)) {
            if (on.base.errno() != ZError.EAGAIN) {
                throw new ZMQException(on.base.errno());
            }
            return false;
        }
        if (!on.base.send(on.body, zmq.ZMQ.ZMQ_DONTWAIT)) {
            throw new ZMQException("body refused after its topic was accepted", on.base.errno());
        }
        on.ring.advance();
        return true;
    }

    /** Nothing is held back: JeroMQ's I/O thread takes what it finds. */
    @Override
    public void flush() {}

    private static void takeSubscriptions(Channel channel) {
        for (int i = 0; i < MAX_DRAINED_FRAMES; i++) {
            Msg frame = channel.base.recv(zmq.ZMQ.ZMQ_DONTWAIT);
            if (frame == null) {
                return;
            }
            take(channel, frame);
        }
        channel.ring.retire(); // what was not looked at may hold an unsubscription
    }

    /** Only what concerns our messages can end their way: a stranger who subscribes to this and that costs no ring. */
    private static void take(Channel channel, Msg frame) {
        byte[] told = frame.data();
        if (!Subscription.concerns(told, TOPIC)) {
            return;
        }
        switch (Subscription.change(told)) {
            case 1 -> channel.subscribed = true;
            case -1 -> channel.ring.retire();
            default -> {}
        }
    }

    @Override
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    @Override
    public List<Integer> channelsWithoutSubscriber() {
        Arrays.stream(channels).forEach(JeromqPublisher::takeSubscriptions);
        return IntStream.range(0, channels.length)
                .filter(i -> !channels[i].subscribed)
                .boxed()
                .toList();
    }

    /** How often the buffers of a channel were given up because of an unsubscription. */
    int retirements(int channel) {
        return channels[channel].ring.retirements();
    }

    @Override
    public void close() {
        for (Channel channel : channels) {
            channel.socket.close();
        }
    }
}

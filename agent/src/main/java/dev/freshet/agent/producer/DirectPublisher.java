package dev.freshet.agent.producer;

import dev.freshet.agent.zmtp.IoThread;
import dev.freshet.agent.zmtp.MessageHead;
import dev.freshet.agent.zmtp.PubEndpoint;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.wire.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * The publisher on our own ZMTP: the header of a message is written into each subscriber's queue, its payload is never copied but by the
 * kernel, as all payloads are the same bytes, over and over. A small payload is copied with its header, which is less work than a piece of
 * a write of its own.
 *
 * <p>Under {@link OnFull#SKIP} a subscriber whose queue is full is passed over, and a message is refused only if that is so for all of them;
 * under {@link OnFull#WAIT} it is refused as long as it is so for one.
 *
 * <p>Bound by one thread and then owned by the publishing thread.
 */
final class DirectPublisher implements Publisher {
    /** From here on a payload is not copied. */
    static final int SHARED_FROM_BYTES = 2048;

    /** So large that a piece of a write is worth its cost, and small enough to stay in a core's cache. */
    private static final int PAYLOAD_BYTES = 128 << 10;

    /** What waits for one subscriber of each channel, all channels together, takes no more, unless there are hundreds. */
    private static final int QUEUES_BYTES = 8 << 20;

    private static final int MIN_QUEUE_BYTES = 1 << 16;
    private static final int MAX_QUEUE_BYTES = 2 << 20;

    /**
     * What was accepted waits for {@link #flush} up to here: more than the send buffer of a local connection, so that under load the kernel takes a part and the
     * I/O thread writes the rest while this one goes on; and half of a queue at most.
     */
    private static final int HELD_BACK_BYTES = 1 << 20;

    private static final MessageHead HEAD = new MessageHead(Request.TOPIC);
    private static final int PAYLOAD_START = HEAD.maxBytes() + Request.MAX_HEADER_BYTES;

    private final IoThread io;
    private final byte[] idPrefix;
    private final boolean toAll;
    private final PubEndpoint[] channels;
    private final List<Integer> ports = new ArrayList<>();
    private final ByteBuffer head = ByteBuffer.allocateDirect(PAYLOAD_START + SHARED_FROM_BYTES);
    private int sharedBytes;
    private long heldBackBytes;

    /**
     * @param maxSizeBytes the largest payload that will be sent
     * @param idPrefix of {@code msg_id}
     * @param onDeath told when the I/O thread dies
     */
    DirectPublisher(int channels, int maxSizeBytes, byte[] idPrefix, OnFull onFull, Consumer<Throwable> onDeath) {
        this.idPrefix = idPrefix;
        toAll = onFull == OnFull.WAIT;
        io = new IoThread("publisher-io", onDeath);
        fill(head);
        ByteBuffer payload = ByteBuffer.allocateDirect(PAYLOAD_BYTES);
        fill(payload);
        int highWaterMark = HighWaterMark.messages(channels, maxSizeBytes);
        this.channels = IntStream.range(0, channels)
                .mapToObj(i -> new PubEndpoint(
                        io, Request.TOPIC, queueBytes(channels), highWaterMark, payload.asReadOnlyBuffer()))
                .toArray(PubEndpoint[]::new);
    }

    private static int queueBytes(int channels) {
        int share = Integer.highestOneBit(QUEUES_BYTES / channels);
        return Math.max(MIN_QUEUE_BYTES, Math.min(MAX_QUEUE_BYTES, share));
    }

    private static void fill(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            buffer.put((byte) 'x');
        }
        buffer.clear();
    }

    @Override
    public void bind(String address, int dataPort) {
        for (int i = 0; i < channels.length; i++) {
            String what = channels.length == 1 ? "data port" : "data port of channel " + i;
            ports.add(channels[i].bind(what, address, dataPort == 0 ? 0 : dataPort + i));
        }
    }

    /** Nothing is to be taken beforehand. */
    @Override
    public void fill() {}

    @Override
    public void prepare(int channel, long seq, long t1Micros, int sizeBytes) {
        int inlineBytes = sizeBytes < SHARED_FROM_BYTES ? sizeBytes : 0;
        int bodyStart = Request.writeHeaderBefore(head, PAYLOAD_START, idPrefix, seq, t1Micros);
        int at = HEAD.writeBefore(head, bodyStart, PAYLOAD_START - bodyStart + (long) sizeBytes);
        head.limit(PAYLOAD_START + inlineBytes).position(at);
        sharedBytes = sizeBytes - inlineBytes;
    }

    @Override
    public boolean offer(int channel) {
        if (channels[channel].offer(head, sharedBytes, toAll) == PubEndpoint.REFUSED) {
            return false;
        }
        heldBackBytes += head.remaining() + sharedBytes;
        if (heldBackBytes >= HELD_BACK_BYTES) {
            flush();
        }
        return true;
    }

    @Override
    public void flush() {
        heldBackBytes = 0;
        for (PubEndpoint channel : channels) {
            channel.flush();
        }
    }

    @Override
    public List<Integer> ports() {
        return List.copyOf(ports);
    }

    @Override
    public List<Integer> channelsWithoutSubscriber() {
        return IntStream.range(0, channels.length)
                .filter(i -> !channels[i].isEverSubscribed())
                .boxed()
                .toList();
    }

    /** How many subscribe to a channel now. */
    int subscriberCount(int channel) {
        return channels[channel].subscriberCount();
    }

    @Override
    public List<String> remarks() {
        return Arrays.stream(channels)
                .flatMap(channel -> channel.passedOver().stream())
                .toList();
    }

    @Override
    public void close() {
        for (PubEndpoint channel : channels) {
            channel.close();
        }
        io.close();
    }
}

package dev.freshet.agent.producer;

import dev.freshet.common.wire.Request;
import java.nio.ByteBuffer;
import java.util.Arrays;
import zmq.Msg;

/**
 * The buffers that the messages of one channel are sent from, used in turn. The payload lies still, the header is written in place before it,
 * and JeroMQ sends straight out of the buffer: one must not be written again while any subscriber may still be sent it.
 *
 * <p>Why a ring of high-water mark + 2 is enough (read from JeroMQ 0.6.0's {@code XPub}, {@code Dist}, {@code Pipe}, {@code EncoderBase} and
 * {@code StreamEngine}). With {@code XPUB_NODROP} a message is taken only if the pipe of every matching subscriber has room, and then
 * goes into all of them; so what lies in a pipe is always an unbroken run of the last accepted messages. A pipe has room while fewer than
 * the high-water mark of those written were read out of it (it learns late of reads, never early), so it holds at most that many. Reading one out
 * gives it to the connection's encoder, which holds one message at a time: the next is read only when the last byte of the one before has
 * been copied into its batch or written to TCP. So at most high-water mark + 1 messages, the last ones accepted, can be in use. The next is
 * written before it is known whether it will be accepted, and needs one buffer more. A refused message leaves its buffer the next one to be
 * written, and moves nothing.
 *
 * <p>A subscriber that leaves is no exception: its connection is closed before its pipe ends, and from a pipe without connection nothing is
 * sent. The one exception is a subscriber that unsubscribes with messages queued: it still gets those, but new messages pass it by, and its
 * pipe is no longer asked for room. Then {@link #retire} gives up all buffers and takes fresh ones; the old ones live until the last queue
 * has let go of them.
 *
 * <p>Owned by the publishing thread.
 */
final class MessageRing {
    private static final int PAYLOAD_START = Request.MAX_HEADER_BYTES;
    private static final byte[] FILLING = new byte[1 << 16];

    static {
        Arrays.fill(FILLING, (byte) 'x');
    }

    private final int capacityBytes;
    private final byte[] idPrefix;
    private final Slot[] slots;
    private int current;
    private boolean inUse;
    private int retirements;

    private static final class Slot {
        final ByteBuffer buffer;
        Msg message;
        int headerLength;
        int sizeBytes;

        Slot(ByteBuffer buffer) {
            this.buffer = buffer;
        }
    }

    /**
     * @param slots the high-water mark + 2, unless a test wants to see it fail
     * @param maxSizeBytes the largest payload
     * @param idPrefix of {@code msg_id}
     */
    MessageRing(int slots, int maxSizeBytes, byte[] idPrefix) {
        this.slots = new Slot[slots];
        this.capacityBytes = PAYLOAD_START + maxSizeBytes;
        this.idPrefix = idPrefix;
    }

    /** Takes and fills all buffers now. */
    void fill() {
        for (int i = 0; i < slots.length; i++) {
            slot(i);
        }
    }

    /** Writes a message into the current buffer; the same one until {@link #advance}. */
    Msg write(long seq, long t1Micros, int sizeBytes) {
        Slot slot = slot(current);
        int headerStart = Request.writeHeaderBefore(slot.buffer, PAYLOAD_START, idPrefix, seq, t1Micros);
        int headerLength = PAYLOAD_START - headerStart;
        if (slot.message == null || slot.headerLength != headerLength || slot.sizeBytes != sizeBytes) {
            remake(slot, headerLength, sizeBytes);
        }
        return slot.message;
    }

    private static void remake(Slot slot, int headerLength, int sizeBytes) {
        // JeroMQ sends from position 0 to the capacity of the buffer it is given: it must be a slice
        slot.message = new Msg(slot.buffer.slice(PAYLOAD_START - headerLength, headerLength + sizeBytes));
        slot.headerLength = headerLength;
        slot.sizeBytes = sizeBytes;
    }

    /** The current buffer's message was accepted: the next one goes into the next buffer. */
    void advance() {
        inUse = true;
        current = current + 1 == slots.length ? 0 : current + 1;
    }

    /** Gives up all buffers, if any may be in use; fresh ones are taken when needed. */
    void retire() {
        if (inUse) {
            Arrays.fill(slots, null);
            inUse = false;
            retirements++;
        }
    }

    /** How often buffers were given up. */
    int retirements() {
        return retirements;
    }

    private Slot slot(int i) {
        Slot slot = slots[i];
        return slot != null ? slot : (slots[i] = newSlot());
    }

    private Slot newSlot() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(capacityBytes);
        while (buffer.hasRemaining()) {
            buffer.put(FILLING, 0, Math.min(FILLING.length, buffer.remaining()));
        }
        return new Slot(buffer.clear());
    }
}

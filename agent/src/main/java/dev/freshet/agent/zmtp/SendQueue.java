package dev.freshet.agent.zmtp;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;

/**
 * What waits for one subscriber: the bytes of its messages in a ring, but for large payloads, which all lie in one shared buffer and of which
 * only the place in the stream and the length are kept. So what a queue takes does not depend on the size of the messages in it, and
 * nothing can change under a slow subscriber.
 *
 * <p>One thread adds; one at a time writes. Positions count bytes from the beginning and never go back.
 */
final class SendQueue {
    private static final int MAX_PIECES = 256; // of one write; the system takes 1024
    private static final int MAX_WRITE_BYTES = 4 << 20;
    private static final int MAX_WRITES = 16; // before others have their turn: more may be added all the time
    private static final VarHandle ADDED;
    private static final VarHandle WRITTEN;
    private static final VarHandle PAYLOADS_WRITTEN;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ADDED = lookup.findVarHandle(SendQueue.class, "added", long.class);
            WRITTEN = lookup.findVarHandle(SendQueue.class, "written", long.class);
            PAYLOADS_WRITTEN = lookup.findVarHandle(SendQueue.class, "payloadsWritten", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final ByteBuffer ring;
    private final int mask;
    private final ByteBuffer payload;
    private final int maxPayloads;
    private final int placeMask;
    private final long[] payloadAt; // before which byte of the ring's stream
    private final int[] payloadBytes;

    // of the thread that adds; added is read by the one that writes
    private long added;
    private long payloadsAdded;
    private long writtenSeen;

    // of the thread that writes; written and payloadsWritten are read by the one that adds
    private final ByteBuffer[] pieces = new ByteBuffer[MAX_PIECES];
    private final ByteBuffer[] ringPieces = new ByteBuffer[MAX_PIECES];
    private final ByteBuffer[] payloadPieces = new ByteBuffer[MAX_PIECES];
    private long written;
    private long payloadsWritten;
    private int payloadOffset; // how much of the payload being written is out

    /**
     * @param capacityBytes of the ring, a power of two
     * @param maxPayloads how many messages with a payload from the shared buffer may wait
     * @param payload what every payload is made of, over and over
     */
    SendQueue(int capacityBytes, int maxPayloads, ByteBuffer payload) {
        if (Integer.bitCount(capacityBytes) != 1) {
            throw new IllegalArgumentException("capacity " + capacityBytes);
        }
        ring = ByteBuffer.allocateDirect(capacityBytes);
        mask = capacityBytes - 1;
        this.payload = payload;
        this.maxPayloads = maxPayloads;
        int places = Integer.highestOneBit(maxPayloads) << 1; // more than may wait
        placeMask = places - 1;
        payloadAt = new long[places];
        payloadBytes = new int[places];
        for (int i = 0; i < MAX_PIECES; i++) {
            ringPieces[i] = ring.duplicate();
            payloadPieces[i] = payload.duplicate();
        }
    }

    /** Whether a message fits; by the thread that adds. */
    boolean hasRoom(int headBytes, int payloadLength) {
        if (added + headBytes - writtenSeen > ring.capacity()) {
            writtenSeen = (long) WRITTEN.getAcquire(this);
            if (added + headBytes - writtenSeen > ring.capacity()) {
                return false;
            }
        }
        return payloadLength == 0 || payloadsAdded - (long) PAYLOADS_WRITTEN.getAcquire(this) < maxPayloads;
    }

    /**
     * Adds a message that fits; by the thread that adds.
     *
     * @param head what goes into the ring, from its position to its limit, which stay
     * @param payloadLength how much of the shared payload follows
     */
    void add(ByteBuffer head, int payloadLength) {
        int length = head.remaining();
        int at = (int) added & mask;
        int first = Math.min(length, ring.capacity() - at);
        ring.put(at, head, head.position(), first);
        if (first < length) {
            ring.put(0, head, head.position() + first, length - first);
        }
        long end = added + length;
        if (payloadLength > 0) {
            int place = (int) payloadsAdded & placeMask;
            payloadAt[place] = end;
            payloadBytes[place] = payloadLength;
            payloadsAdded++;
        }
        ADDED.setRelease(this, end); // and with it all that was written before
    }

    /** Whether at least half of the ring is free; by the thread that adds. */
    boolean isHalfFree() {
        return added - (long) WRITTEN.getAcquire(this) <= ring.capacity() / 2;
    }

    /**
     * Writes until nothing is left, the channel takes no more, or it is the turn of others; by the thread that writes.
     *
     * @return true if nothing is left
     */
    boolean writeTo(GatheringByteChannel channel) throws IOException {
        for (int writes = 0; writes < MAX_WRITES; writes++) {
            long end = (long) ADDED.getAcquire(this);
            int count = gather(end);
            if (count == 0) {
                return true;
            }
            long offered = 0;
            for (int i = 0; i < count; i++) {
                offered += pieces[i].remaining();
            }
            long taken = channel.write(pieces, 0, count);
            advance(taken, end);
            if (taken < offered) {
                return false;
            }
        }
        return false;
    }

    /** Whether the stream is between two messages, as the thread that writes sees it. */
    boolean isBetweenMessages() {
        return payloadOffset == 0 && written == (long) ADDED.getAcquire(this) && !payloadFollows(written);
    }

    private boolean payloadFollows(long at) {
        return at > 0 && payloadAt[(int) payloadsWritten & placeMask] == at;
    }

    private int gather(long end) {
        int count = 0;
        long at = written;
        long bytes = 0;
        long next = payloadsWritten;
        int offset = payloadOffset;
        while (count < MAX_PIECES - 2 && bytes < MAX_WRITE_BYTES) {
            long until = payloadPosition(next, at, end);
            if (at < until) {
                int pieceBytes = (int) Math.min(until - at, ring.capacity() - ((int) at & mask));
                pieces[count] = piece(ringPieces[count], (int) at & mask, pieceBytes);
                count++;
                bytes += pieceBytes;
                at += pieceBytes;
                continue;
            }
            int place = (int) next & placeMask;
            if (at == 0 || payloadAt[place] != at) {
                break; // nothing more
            }
            int left = payloadBytes[place] - offset;
            int start = offset % payload.capacity();
            int pieceBytes = Math.min(left, payload.capacity() - start);
            pieces[count] = piece(payloadPieces[count], start, pieceBytes);
            count++;
            bytes += pieceBytes;
            offset += pieceBytes;
            if (offset == payloadBytes[place]) {
                offset = 0;
                next++;
            }
        }
        return count;
    }

    /**
     * Where the ring's bytes are interrupted next by a payload, or {@code end}. How many payloads there are need not be known: a place that has not
     * been used for this one yet says a position before {@code at}, as no message is without a head, and one added meanwhile a position after
     * {@code end}.
     */
    private long payloadPosition(long index, long at, long end) {
        long position = payloadAt[(int) index & placeMask];
        return position >= at && position <= end && position > 0 ? position : end;
    }

    private static ByteBuffer piece(ByteBuffer view, int start, int length) {
        return view.limit(start + length).position(start);
    }

    private void advance(long taken, long end) {
        long left = taken;
        long at = written;
        long next = payloadsWritten;
        while (left > 0) {
            long inRing = Math.min(left, payloadPosition(next, at, end) - at);
            at += inRing;
            left -= inRing;
            if (left > 0) {
                int place = (int) next & placeMask;
                int inPayload = (int) Math.min(left, payloadBytes[place] - payloadOffset);
                payloadOffset += inPayload;
                left -= inPayload;
                if (payloadOffset == payloadBytes[place]) {
                    payloadOffset = 0;
                    next++;
                }
            }
        }
        PAYLOADS_WRITTEN.setRelease(this, next);
        WRITTEN.setRelease(this, at);
    }
}

package dev.freshet.agent.zmtp;

import java.nio.ByteBuffer;

/**
 * Cuts a stream of bytes into frames (RFC 37, section "Framing"), however it is broken into pieces. Of each frame the beginning is kept, the rest
 * is counted and passed over: what is not looked at needs no memory.
 *
 * <p>Allocates nothing after its construction. Not thread-safe.
 */
final class FrameReader {
    /** No command is longer; the ones known here have some 300 bytes at most. */
    static final int MAX_COMMAND_BYTES = 4096;

    static final int MORE = 1;
    static final int LONG = 2;
    static final int COMMAND = 4;

    private static final int SHORT_LENGTH_BYTES = 1;
    private static final int LONG_LENGTH_BYTES = 8;

    private final int keptOfMessages;
    private final long maxFrameBytes;
    private final byte[] kept;
    private int keptLength;
    private int flags;
    private long sizeBytes;
    private long left;
    private int lengthBytesLeft;
    private boolean inFrame;

    /**
     * @param keptOfMessages how many bytes of each frame are kept; commands are always kept whole
     * @param maxFrameBytes a larger frame of a message is malformed
     */
    FrameReader(int keptOfMessages, long maxFrameBytes) {
        this.keptOfMessages = keptOfMessages;
        this.maxFrameBytes = maxFrameBytes;
        kept = new byte[Math.max(keptOfMessages, MAX_COMMAND_BYTES)];
    }

    /**
     * Reads on to the end of the next frame.
     *
     * @return true if the frame is whole; false if all of {@code in} was used before it was
     * @throws ZmtpException if this is no stream of frames
     */
    boolean next(ByteBuffer in) throws ZmtpException {
        if (!inFrame) {
            if (!in.hasRemaining()) {
                return false;
            }
            begin(in.get());
        }
        if (lengthBytesLeft > 0 && !readLength(in)) {
            return false;
        }
        long taken = Math.min(left, in.remaining());
        int keeping = (int) Math.min(taken, (isCommand() ? MAX_COMMAND_BYTES : keptOfMessages) - keptLength);
        in.get(kept, keptLength, keeping);
        keptLength += keeping;
        in.position(in.position() + (int) (taken - keeping));
        left -= taken;
        inFrame = left > 0;
        return !inFrame;
    }

    private void begin(int first) throws ZmtpException {
        boolean command = (first & COMMAND) != 0;
        if ((first & ~(MORE | LONG | COMMAND)) != 0 || command && (first & MORE) != 0) {
            throw new ZmtpException("a frame begins with the flags " + (first & 0xff) + ", which do not exist");
        }
        flags = first;
        lengthBytesLeft = (first & LONG) != 0 ? LONG_LENGTH_BYTES : SHORT_LENGTH_BYTES;
        sizeBytes = 0;
        keptLength = 0;
        inFrame = true;
    }

    private boolean readLength(ByteBuffer in) throws ZmtpException {
        while (lengthBytesLeft > 0) {
            if (!in.hasRemaining()) {
                return false;
            }
            sizeBytes = sizeBytes << 8 | in.get() & 0xff;
            lengthBytesLeft--;
        }
        long most = isCommand() ? MAX_COMMAND_BYTES : maxFrameBytes;
        if (sizeBytes < 0 || sizeBytes > most) {
            throw new ZmtpException("a frame of " + Long.toUnsignedString(sizeBytes) + " bytes, where " + most
                    + " is the most that is taken");
        }
        left = sizeBytes;
        return true;
    }

    boolean isCommand() {
        return (flags & COMMAND) != 0;
    }

    boolean hasMore() {
        return (flags & MORE) != 0;
    }

    /** The length of the whole frame, flags and length not counted. */
    long sizeBytes() {
        return sizeBytes;
    }

    /** The beginning of the frame, {@link #keptLength} bytes; until the next call of {@link #next}. */
    byte[] kept() {
        return kept;
    }

    int keptLength() {
        return keptLength;
    }
}

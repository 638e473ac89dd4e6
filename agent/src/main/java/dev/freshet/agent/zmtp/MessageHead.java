package dev.freshet.agent.zmtp;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What stands before the body of a message of two frames: the topic's frame, and the flags and length of the body's (RFC 37, section "Framing"). */
public final class MessageHead {
    private static final int SHORT_BYTES = 2;
    private static final int LONG_BYTES = 1 + Long.BYTES;
    private static final int MAX_SHORT_BODY_BYTES = 255;

    private final byte[] topicFrame;

    /** @param topic up to 255 characters of ASCII */
    public MessageHead(String topic) {
        topicFrame = ByteBuffer.allocate(SHORT_BYTES + topic.length())
                .put((byte) FrameReader.MORE)
                .put((byte) topic.length())
                .put(topic.getBytes(StandardCharsets.US_ASCII))
                .array();
    }

    /** The longest that it can be. */
    public int maxBytes() {
        return topicFrame.length + LONG_BYTES;
    }

    /**
     * Writes it so that it ends where the body begins.
     *
     * @param buffer written by absolute positions; its own position is left alone
     * @return where it begins
     */
    public int writeBefore(ByteBuffer buffer, int bodyStart, long bodyBytes) {
        int at = bodyStart;
        if (bodyBytes <= MAX_SHORT_BODY_BYTES) {
            buffer.put(--at, (byte) bodyBytes);
            buffer.put(--at, (byte) 0);
        } else {
            at -= Long.BYTES;
            buffer.putLong(at, bodyBytes);
            buffer.put(--at, (byte) FrameReader.LONG);
        }
        at -= topicFrame.length;
        buffer.put(at, topicFrame);
        return at;
    }
}

package dev.freshet.agent.zmtp;

import java.nio.ByteBuffer;
import java.util.Set;

/**
 * What a peer says, in the order in which it must: its greeting, its READY, then frames.
 *
 * <p>Pure: bytes in, parts out. Not thread-safe.
 */
final class Inbound {
    /** What has come whole. */
    enum Part {
        /** The greeting's first ten bytes. */
        SIGNATURE,
        GREETING,
        READY,
        /** A frame, of a message or a command: see {@link #frame}. */
        FRAME
    }

    private final Set<String> peerTypes;
    private final int keptBytes;
    private final long maxFrameBytes;
    private final byte[] greeting = new byte[Greeting.BYTES];
    private int greetingLength;
    private FrameReader frame; // null until it has greeted: a stranger who never does costs little
    private boolean ready;

    /**
     * @param peerTypes the types of socket that may speak with ours
     * @param keptBytes how much of each frame is kept
     * @param maxFrameBytes a larger frame is malformed
     */
    Inbound(Set<String> peerTypes, int keptBytes, long maxFrameBytes) {
        this.peerTypes = peerTypes;
        this.keptBytes = keptBytes;
        this.maxFrameBytes = maxFrameBytes;
    }

    /**
     * Reads on to the end of the next part.
     *
     * @return null if all of {@code in} was used before it ended
     * @throws ZmtpException if the peer breaks the protocol
     */
    Part next(ByteBuffer in) throws ZmtpException {
        if (ready) {
            return frame.next(in) ? Part.FRAME : null;
        }
        if (greetingLength < Greeting.BYTES) {
            return greet(in);
        }
        if (!frame.next(in)) {
            return null;
        }
        introduce();
        ready = true;
        return Part.READY;
    }

    private Part greet(ByteBuffer in) throws ZmtpException {
        boolean inSignature = greetingLength < Greeting.SIGNATURE_BYTES;
        int end = inSignature ? Greeting.SIGNATURE_BYTES : Greeting.BYTES;
        int taken = Math.min(in.remaining(), end - greetingLength);
        in.get(greeting, greetingLength, taken);
        greetingLength += taken;
        Greeting.check(greeting, greetingLength);
        if (greetingLength < end) {
            return null;
        }
        if (inSignature) {
            return Part.SIGNATURE;
        }
        frame = new FrameReader(keptBytes, maxFrameBytes);
        return Part.GREETING;
    }

    private void introduce() throws ZmtpException {
        if (!frame.isCommand()) {
            throw new ZmtpException("it greets, and then says something else than READY");
        }
        String type = Command.socketType(frame.kept(), frame.keptLength());
        if (!peerTypes.contains(type)) {
            throw new ZmtpException("its socket is none of " + peerTypes);
        }
    }

    boolean isReady() {
        return ready;
    }

    /** Whether the peer takes subscriptions as commands; known after its greeting. */
    boolean knowsSubscribeCommand() {
        return Greeting.knowsSubscribeCommand(greeting);
    }

    /** The frame that has come last. */
    FrameReader frame() {
        return frame;
    }
}

package dev.freshet.common.zmq;

import java.util.Map;
import java.util.WeakHashMap;
import zmq.Msg;
import zmq.io.Metadata;
import zmq.msg.MsgAllocator;

/**
 * Frames for a socket that strangers reach, whose message may not grow without bound. JeroMQ counts messages, not the frames of one, and keeps the
 * frames of a message until the last of them has come: one that never ends would fill the memory. Frames beyond the bound are let fall as
 * soon as they have been read; what is left of the message is refused by whoever expected a whole one.
 *
 * <p>Of one I/O thread. Only ZMTP 3 connections are counted; {@link SafeContext#bind} lets no others in.
 */
final class BoundedMessages implements MsgAllocator {
    /** What a frame costs beside its bytes. */
    private static final long FRAME_BYTES = 128;

    private final long maxMessageBytes;

    /** What the unfinished message of a connection holds; JeroMQ has one Metadata for each connection, and it lives as long. */
    private final Map<Metadata, Long> unfinishedBytes = new WeakHashMap<>();

    BoundedMessages(long maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public Msg allocate(int size) {
        return new Frame(size);
    }

    /** JeroMQ tells it whose it is just before it passes it on, and passes no command on to the socket. */
    private final class Frame extends Msg {
        Frame(int size) {
            super(size);
        }

        @Override
        public Msg setMetadata(Metadata metadata) {
            if (metadata != null) {
                if (!hasMore()) {
                    unfinishedBytes.remove(metadata);
                } else if (unfinishedBytes.merge(metadata, size() + FRAME_BYTES, Long::sum) > maxMessageBytes) {
                    setFlags(COMMAND);
                }
            }
            return super.setMetadata(metadata);
        }
    }
}

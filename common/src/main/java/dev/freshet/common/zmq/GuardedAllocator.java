package dev.freshet.common.zmq;

import zmq.Msg;
import zmq.msg.MsgAllocator;

/**
 * Gives memory for a frame that a peer announces, whatever length it announces. JeroMQ's decoder compares the announced 64-bit length with the
 * largest frame as a signed number, so a negative one passes, and its cast to int decides what is asked for here. An empty frame is given
 * then, and the I/O thread lives: to the socket it is a message like any that a stranger may send, and so is what follows.
 */
final class GuardedAllocator implements MsgAllocator {
    private final MsgAllocator allocator;
    private final long maxFrameBytes;

    GuardedAllocator(MsgAllocator allocator, long maxFrameBytes) {
        this.allocator = allocator;
        this.maxFrameBytes = maxFrameBytes;
    }

    @Override
    public Msg allocate(int size) {
        return size < 0 || size > maxFrameBytes ? new Msg() : allocator.allocate(size);
    }
}

package dev.freshet.agent.consumer;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.atomic.SpscAtomicArrayQueue;
import zmq.Msg;
import zmq.msg.MsgAllocator;

/**
 * The memory that one connection receives into: direct buffers that go from the I/O thread through JeroMQ's queue to the receiving thread, and
 * back by {@link #giveBack} when a message has been dealt with. Frames that never come back (their connection broke in the middle of a
 * message) are left to the garbage collector, and replaced when needed.
 *
 * <p>Frames below {@link #POOLED_FROM_BYTES} are ordinary heap frames: JeroMQ's decoder reads the stream 8 KiB at a time and copies smaller
 * frames out of that, so that a direct buffer saves them no copy (measured at 100 B: pooling costs 0 to 18 % more processor time); from there
 * on it reads straight into the frame.
 *
 * <p>The queue is the variant without sun.misc.Unsafe, which newer JVMs warn of.
 *
 * <p>Two threads: {@link #allocate} is called by the connection's one I/O thread, {@link #giveBack} by the one that receives.
 */
final class ReceiveBuffers implements MsgAllocator {
    /** The size of the decoder's own buffer (zmq.Config.IN_BATCH_SIZE). */
    static final int POOLED_FROM_BYTES = 8192;

    private static final int ALL_FLAGS = 0xff;

    private final SpscAtomicArrayQueue<Frame> free;
    private final AtomicInteger made = new AtomicInteger();
    private int slotBytes; // written by the I/O thread only

    /** A received frame whose memory, and while the size stays the same also itself, is used again. */
    static final class Frame extends Msg {
        private final ByteBuffer memory;
        private final ByteBuffer content;

        private Frame(ByteBuffer memory, int size) {
            this(memory, memory.slice(0, size)); // JeroMQ needs position 0 and limit = capacity
        }

        private Frame(ByteBuffer memory, ByteBuffer content) {
            super(content);
            this.memory = memory;
            this.content = content;
        }
    }

    /**
     * @param slotBytes the size of a buffer; grows to the largest frame seen
     * @param highWaterMark how many messages JeroMQ queues for this connection
     */
    ReceiveBuffers(int slotBytes, int highWaterMark) {
        this.slotBytes = slotBytes;
        free = new SpscAtomicArrayQueue<>(2 * highWaterMark + 2);
    }

    @Override
    public Msg allocate(int size) {
        if (size < POOLED_FROM_BYTES) {
            return new Msg(size);
        }
        Frame frame = free.poll();
        if (frame == null || frame.memory.capacity() < size) {
            return newFrame(size);
        }
        if (frame.size() != size) {
            return new Frame(frame.memory, size);
        }
        frame.resetFlags(ALL_FLAGS);
        return frame;
    }

    private Frame newFrame(int size) {
        slotBytes = Math.max(slotBytes, size);
        made.incrementAndGet();
        return new Frame(ByteBuffer.allocateDirect(slotBytes), size);
    }

    /** The content of a received frame, from position 0 to its limit; not to be read after {@link #giveBack}. */
    static ByteBuffer content(Msg msg) {
        return msg instanceof Frame frame ? frame.content : msg.buf();
    }

    /** Takes back the memory of a frame that {@link #allocate} gave: its content may change from here on. */
    void giveBack(Msg msg) {
        if (msg instanceof Frame frame) {
            free.offer(frame); // refused only after a flood of frames that no producer sends: garbage then
        }
    }

    /** How many buffers were made so far. */
    int made() {
        return made.get();
    }
}

package dev.freshet.agent.zmtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.GatheringByteChannel;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SendQueueTest {
    private static final int RING_BYTES = 1 << 10;
    private static final int MAX_PAYLOADS = 5;
    private static final int PAYLOAD_BYTES = 97; // messages have it over and over, and in part
    private static final int MAX_MESSAGE_PAYLOAD = 400;
    private static final long TWO_THREADS_NANOS = 700_000_000L;

    private final ByteBuffer payload = payload();
    private final SendQueue queue = new SendQueue(RING_BYTES, MAX_PAYLOADS, payload);

    private static ByteBuffer payload() {
        ByteBuffer payload = ByteBuffer.allocateDirect(PAYLOAD_BYTES);
        while (payload.hasRemaining()) {
            payload.put((byte) (payload.position() * 31));
        }
        return payload.flip();
    }

    /** Messages from a seed: the same ones for who adds them and for who checks what comes out. */
    private static final class Messages {
        private final SplittableRandom random;
        final ByteBuffer head = ByteBuffer.allocateDirect(RING_BYTES);
        int payloadLength;

        Messages(long seed) {
            random = new SplittableRandom(seed);
        }

        void next() {
            head.clear();
            int length = 1 + random.nextInt(random.nextInt(10) == 0 ? RING_BYTES : 60);
            int start = random.nextInt(RING_BYTES - length + 1);
            for (int i = start; i < start + length; i++) {
                head.put(i, (byte) random.nextInt());
            }
            head.limit(start + length).position(start);
            payloadLength = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(MAX_MESSAGE_PAYLOAD);
        }
    }

    /** Takes random amounts, checks each byte, and keeps the books: what has been added and not come out is what waits. */
    private final class CheckingChannel implements GatheringByteChannel {
        final SplittableRandom random;
        final Messages expected;
        int payloadAt = -1; // while the head comes
        boolean begun;
        long taken;

        CheckingChannel(long seed) {
            random = new SplittableRandom(seed + 1);
            expected = new Messages(seed);
        }

        @Override
        public long write(ByteBuffer[] pieces, int offset, int count) {
            long most = switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextInt(20);
                default -> random.nextInt(3000);
            };
            long before = taken;
            for (int i = offset; i < offset + count; i++) {
                while (pieces[i].hasRemaining()) {
                    if (taken - before == most) {
                        return most;
                    }
                    check(pieces[i].get());
                    taken++;
                }
            }
            return taken - before;
        }

        private void check(byte came) {
            if (!begun) {
                expected.next();
                begun = true;
                payloadAt = 0;
            }
            byte due = expected.head.hasRemaining() ? expected.head.get() : payload.get(payloadAt++ % PAYLOAD_BYTES);
            if (came != due) {
                throw new AssertionError("byte " + taken + " is " + came + " and should be " + due);
            }
            begun = expected.head.hasRemaining() || payloadAt < expected.payloadLength;
        }

        @Override
        public long write(ByteBuffer[] pieces) {
            return write(pieces, 0, pieces.length);
        }

        @Override
        public int write(ByteBuffer piece) {
            return (int) write(new ByteBuffer[] {piece}, 0, 1);
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    /** What waits, from the outside: the parts that have been added, less what has come out. */
    private static final class Waiting {
        private final ArrayDeque<int[]> parts = new ArrayDeque<>(); // bytes in the ring, bytes of a payload
        int ringBytes;
        int payloads;

        void added(int headBytes, int payloadBytes) {
            parts.add(new int[] {headBytes, payloadBytes});
            ringBytes += headBytes;
            payloads += payloadBytes > 0 ? 1 : 0;
        }

        void cameOut(long bytes) {
            long left = bytes;
            while (left > 0) {
                int[] part = parts.element();
                int fromRing = (int) Math.min(left, part[0]);
                part[0] -= fromRing;
                ringBytes -= fromRing;
                int fromPayload = (int) Math.min(left - fromRing, part[1]);
                payloads -= fromPayload > 0 && fromPayload == part[1] ? 1 : 0;
                part[1] -= fromPayload;
                left -= fromRing + fromPayload;
                if (part[0] + part[1] == 0) {
                    parts.remove();
                }
            }
        }

        boolean hasRoom(int headBytes, int payloadBytes) {
            return ringBytes + headBytes <= RING_BYTES && (payloadBytes == 0 || payloads < MAX_PAYLOADS);
        }
    }

    @Test
    void what_is_added_comes_out_to_the_byte_and_just_as_much_waits_as_may() throws IOException {
        for (long seed = 0; seed < 20; seed++) {
            SendQueue tested = new SendQueue(RING_BYTES, MAX_PAYLOADS, payload);
            CheckingChannel channel = new CheckingChannel(seed);
            Messages messages = new Messages(seed);
            Waiting waiting = new Waiting();
            messages.next();
            for (int i = 0; i < 5_000; i++) {
                int headBytes = messages.head.remaining();
                boolean room = tested.hasRoom(headBytes, messages.payloadLength);
                assertThat(room)
                        .as("seed %d, step %d", seed, i)
                        .isEqualTo(waiting.hasRoom(headBytes, messages.payloadLength));
                if (room) {
                    tested.add(messages.head, messages.payloadLength);
                    assertThat(messages.head.remaining()).isEqualTo(headBytes);
                    waiting.added(headBytes, messages.payloadLength);
                    messages.next();
                }
                if (!room || channel.random.nextBoolean()) {
                    long before = channel.taken;
                    boolean nothingLeft = tested.writeTo(channel);
                    waiting.cameOut(channel.taken - before);
                    assertThat(nothingLeft).as("nothing is left").isEqualTo(waiting.parts.isEmpty());
                }
                assertThat(tested.isBetweenMessages()).isEqualTo(waiting.parts.isEmpty());
                assertThat(tested.isHalfFree()).isEqualTo(waiting.ringBytes <= RING_BYTES / 2);
            }
        }
    }

    @Test
    void one_thread_adds_and_two_write_in_turn_and_no_byte_is_lost_or_moved() throws Exception {
        long seed = 7;
        CheckingChannel channel = new CheckingChannel(seed);
        ReentrantLock writing = new ReentrantLock();
        AtomicBoolean ended = new AtomicBoolean();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread other = new Thread(
                () -> {
                    try {
                        while (!ended.get()) {
                            write(channel, writing);
                        }
                    } catch (Throwable e) {
                        failure.set(e);
                    }
                },
                "other-writer");
        other.start();
        Messages messages = new Messages(seed);
        long addedBytes = 0;
        long deadline = System.nanoTime() + TWO_THREADS_NANOS;
        for (int i = 0; System.nanoTime() < deadline && failure.get() == null; i++) {
            messages.next();
            while (!queue.hasRoom(messages.head.remaining(), messages.payloadLength) && failure.get() == null) {
                write(channel, writing);
            }
            queue.add(messages.head, messages.payloadLength);
            addedBytes += messages.head.remaining() + messages.payloadLength;
            if (i % 7 == 0) {
                write(channel, writing);
            }
        }
        ended.set(true);
        other.join();
        assertThat(failure.get()).isNull();
        while (!queue.writeTo(channel)) {
            assertThat(channel.taken).isLessThan(addedBytes);
        }
        assertThat(channel.taken).isEqualTo(addedBytes);
        assertThat(addedBytes).as("went round the ring").isGreaterThan(100L * RING_BYTES);
    }

    private void write(CheckingChannel channel, ReentrantLock writing) throws IOException {
        if (writing.tryLock()) {
            try {
                queue.writeTo(channel);
            } finally {
                writing.unlock();
            }
        }
    }

    @Test
    void who_writes_gives_way_after_a_while_even_if_there_is_always_more() throws IOException {
        ByteBuffer head = ByteBuffer.allocateDirect(RING_BYTES / 2);
        queue.add(head, 0);
        long[] taken = {0};
        boolean nothingLeft = queue.writeTo(new EndlessChannel() {
            @Override
            public long write(ByteBuffer[] pieces, int offset, int count) {
                for (int i = offset; i < offset + count; i++) {
                    taken[0] += pieces[i].remaining();
                    pieces[i].position(pieces[i].limit());
                }
                queue.add(head, 0); // another thread, just then
                return head.remaining();
            }
        });
        assertThat(nothingLeft).isFalse();
        assertThat(taken[0]).isBetween(4L * RING_BYTES, 100L * RING_BYTES);
    }

    private abstract static class EndlessChannel implements GatheringByteChannel {
        @Override
        public long write(ByteBuffer[] pieces) {
            return write(pieces, 0, pieces.length);
        }

        @Override
        public int write(ByteBuffer piece) {
            return (int) write(new ByteBuffer[] {piece}, 0, 1);
        }

        @Override
        public abstract long write(ByteBuffer[] pieces, int offset, int count);

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }

    @Test
    void a_capacity_that_is_no_power_of_two_is_refused() {
        assertThatThrownBy(() -> new SendQueue(1000, 1, payload)).hasMessage("capacity 1000");
    }
}

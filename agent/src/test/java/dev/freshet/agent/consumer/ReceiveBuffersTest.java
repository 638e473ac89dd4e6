package dev.freshet.agent.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import zmq.Msg;

class ReceiveBuffersTest {
    private static final int LARGE = 100_000;

    private final ReceiveBuffers buffers = new ReceiveBuffers(LARGE, 10);

    @Test
    void many_messages_need_no_more_buffers_than_were_in_use_at_a_time() {
        Deque<Msg> queued = new ArrayDeque<>();
        for (int i = 0; i < 10_000; i++) {
            queued.add(buffers.allocate(LARGE - i % 2));
            if (queued.size() == 10) {
                buffers.giveBack(queued.poll());
            }
        }
        assertThat(buffers.made()).isEqualTo(10);
    }

    @Test
    void a_buffer_is_not_used_again_before_it_was_given_back() {
        List<Msg> held = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Msg msg = buffers.allocate(LARGE);
            msg.put(new byte[] {(byte) i});
            held.add(msg);
        }
        for (int i = 0; i < held.size(); i++) {
            assertThat(ReceiveBuffers.content(held.get(i)).get(0)).isEqualTo((byte) i);
        }
        assertThat(buffers.made()).isEqualTo(50);
    }

    @Test
    void a_frame_used_again_has_the_size_asked_for_and_no_flags_left() {
        Msg first = buffers.allocate(LARGE);
        first.setFlags(Msg.MORE);
        buffers.giveBack(first);
        Msg same = buffers.allocate(LARGE);
        assertThat(same).isSameAs(first);
        assertThat(same.hasMore()).isFalse();
        buffers.giveBack(same);
        Msg smaller = buffers.allocate(50_000);
        assertThat(smaller.size()).isEqualTo(50_000);
        assertThat(ReceiveBuffers.content(smaller).limit()).isEqualTo(50_000);
        assertThat(smaller.buf().capacity()).isEqualTo(50_000);
        assertThat(buffers.made()).isEqualTo(1);
    }

    @Test
    void buffers_grow_to_the_largest_frame_seen() {
        ReceiveBuffers growing = new ReceiveBuffers(8192, 10);
        growing.giveBack(growing.allocate(10_000));
        growing.giveBack(growing.allocate(1_000_000));
        for (int size = 8192; size <= 1_000_000; size += 100_000) {
            Msg msg = growing.allocate(size);
            assertThat(msg.size()).isEqualTo(size);
            growing.giveBack(msg);
        }
        assertThat(growing.made()).isEqualTo(2);
    }

    @Test
    void small_frames_are_no_business_of_the_pool() {
        for (int i = 0; i < 100; i++) {
            Msg small = buffers.allocate(100);
            buffers.giveBack(small);
            assertThat(buffers.allocate(100)).isNotSameAs(small);
        }
        assertThat(buffers.made()).isZero();
    }
}

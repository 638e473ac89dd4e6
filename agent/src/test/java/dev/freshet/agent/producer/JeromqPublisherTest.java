package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.OnFull;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is special to JeroMQ: its buffers are used again, and must not be while they are still read. */
class JeromqPublisherTest extends PublisherTest {
    private static final int HIGH_WATER_MARK = 8;
    private static final long FULL_FOR_CERTAIN_NANOS = 300_000_000L;

    @Override
    JeromqPublisher create(int channels, int maxSizeBytes, OnFull onFull) {
        int highWaterMark = Math.min(HIGH_WATER_MARK, HighWaterMark.messages(channels, maxSizeBytes));
        return new JeromqPublisher(context, channels, maxSizeBytes, NO_PREFIX, highWaterMark, 2);
    }

    @Override
    void awaitUnsubscribed(Publisher publisher) {
        int before = ((JeromqPublisher) publisher).retirements(0);
        await("the unsubscription", () -> {
            publisher.channelsWithoutSubscriber();
            return ((JeromqPublisher) publisher).retirements(0) > before;
        });
    }

    /**
     * Messages that no kernel buffer holds, and as many as the high-water mark in the pipe behind the one that is being written: the reader has
     * just reported enough reads for the writer to fill the pipe to the brim.
     */
    private List<Long> seenBySlowestReader(int spareSlots) throws IOException {
        int huge = 8 << 20;
        Publisher publisher = bound(new JeromqPublisher(context, 1, huge, NO_PREFIX, 4, spareSlots));
        try (RawPeer slow = subscriber(publisher)) {
            sendUntilFull(publisher, huge, FULL_FOR_CERTAIN_NANOS);
            List<byte[]> bodies = new ArrayList<>();
            bodies.add(slow.readBody());
            sendUntilFull(publisher, huge, FULL_FOR_CERTAIN_NANOS);
            bodies.addAll(slow.readBodiesUntilQuiet(1000));
            return checked(bodies);
        }
    }

    @Test
    void two_buffers_more_than_the_high_water_mark_are_enough_for_the_slowest_reader() throws IOException {
        assertThat(seenBySlowestReader(2)).isEqualTo(accepted);
    }

    @Test
    void with_fewer_buffers_messages_are_torn_and_these_tests_see_it() throws IOException {
        assertThat(seenBySlowestReader(0)).isNotEqualTo(accepted);
    }

    @Test
    void a_stranger_that_unsubscribes_from_something_else_costs_no_buffers() throws IOException {
        JeromqPublisher publisher = create(1, 10, OnFull.SKIP);
        bound(publisher);
        try (RawPeer peer = subscriber(publisher);
                RawPeer stranger = RawPeer.connect(publisher.ports().get(0), "SUB")) {
            stranger.subscribe("weather");
            stranger.unsubscribe("weather");
            stranger.subscribe("requests");
            stranger.unsubscribe("requests");
            stranger.unsubscribe("request"); // it had none
            peer.unsubscribe("request");
            await("the one that counts", () -> {
                send(publisher, 10);
                return publisher.retirements(0) > 0;
            });
            assertThat(publisher.retirements(0)).isEqualTo(1);
        }
    }

    @Test
    void the_high_water_mark_keeps_all_buffers_within_the_budget() {
        assertThat(HighWaterMark.messages(1, LARGE)).isEqualTo(64);
        assertThat(HighWaterMark.messages(4, LARGE)).isEqualTo(16);
        assertThat(HighWaterMark.messages(1, 10 * LARGE)).isEqualTo(6);
        assertThat(HighWaterMark.messages(1, 64 * LARGE)).isEqualTo(4);
        assertThat(HighWaterMark.messages(1, 100)).isEqualTo(1000);
        assertThat(HighWaterMark.messages(1, 0)).isEqualTo(1000);
    }
}

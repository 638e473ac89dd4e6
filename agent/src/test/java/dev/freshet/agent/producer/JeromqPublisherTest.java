package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.wire.Request;
import dev.freshet.common.zmq.SafeContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class JeromqPublisherTest {
    private static final int HIGH_WATER_MARK = 8;
    private static final int LARGE = 1 << 20;
    private static final byte[] NO_PREFIX = {};

    private final AtomicReference<Throwable> death = new AtomicReference<>();
    private final SafeContext context = new SafeContext("test", death::set);
    private final List<Long> accepted = new ArrayList<>();
    private long next;

    @AfterEach
    void the_io_thread_has_lived() {
        context.close();
        assertThat(death.get()).isNull();
    }

    private JeromqPublisher bound(int channels, int maxSize, int spareSlots) {
        JeromqPublisher publisher =
                new JeromqPublisher(context, channels, maxSize, NO_PREFIX, HIGH_WATER_MARK, spareSlots);
        publisher.bind("127.0.0.1", 0);
        return publisher;
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 10 s for " + what).isLessThan(deadline);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private RawPeer subscriber(JeromqPublisher publisher) throws IOException {
        RawPeer peer = RawPeer.connect(publisher.ports().get(0), "SUB");
        peer.subscribe("request");
        await("the subscription", () -> publisher.channelsWithoutSubscriber().isEmpty());
        return peer;
    }

    private boolean send(Publisher publisher, int size) {
        long seq = next++;
        publisher.prepare(0, seq, 1_000_000 + seq, size);
        boolean taken = publisher.offer(0);
        if (taken) {
            accepted.add(seq);
        }
        return taken;
    }

    /** Sends until nothing has been taken for so long that kernel and encoder must be full as well. */
    private void sendUntilFull(Publisher publisher, int size) {
        long lastTaken = System.nanoTime();
        while (System.nanoTime() - lastTaken < 300_000_000L) {
            if (send(publisher, size)) {
                lastTaken = System.nanoTime();
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    private static List<Long> checked(List<byte[]> bodies) {
        Request request = new Request();
        List<Long> seqs = new ArrayList<>();
        for (byte[] body : bodies) {
            boolean whole = request.parse(ByteBuffer.wrap(body))
                    && request.t1Micros() == 1_000_000 + request.seq()
                    && request.id().equals(Long.toString(request.seq()));
            seqs.add(whole ? request.seq() : -1);
        }
        return seqs;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 255, 4096, 100_000, LARGE})
    void what_a_subscriber_that_stops_reading_gets_later_is_exactly_what_was_accepted(int size) throws IOException {
        JeromqPublisher publisher = bound(1, size, 2);
        try (RawPeer slow = subscriber(publisher)) {
            sendUntilFull(publisher, size);
            assertThat((long) accepted.size()).as("some were refused").isLessThan(next);
            List<byte[]> bodies = slow.readBodies(1000);
            assertThat(checked(bodies)).isEqualTo(accepted);
            assertThat(bodies)
                    .allSatisfy(body -> assertThat(body[body.length - 1]).isEqualTo((byte) (size == 0 ? '=' : 'x')));
        }
    }

    /**
     * Messages that no kernel buffer holds, and as many as the high-water mark in the pipe behind the one that is being written: the reader has
     * just reported enough reads for the writer to fill the pipe to the brim.
     */
    private List<Long> seenBySlowestReader(int spareSlots) throws IOException {
        int huge = 8 << 20;
        JeromqPublisher publisher = new JeromqPublisher(context, 1, huge, NO_PREFIX, 4, spareSlots);
        publisher.bind("127.0.0.1", 0);
        try (RawPeer slow = subscriber(publisher)) {
            sendUntilFull(publisher, huge);
            List<byte[]> bodies = new ArrayList<>();
            bodies.add(slow.readBody());
            sendUntilFull(publisher, huge);
            bodies.addAll(slow.readBodies(1000));
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
    void a_subscriber_that_unsubscribes_with_messages_queued_still_gets_them_whole() throws IOException {
        JeromqPublisher publisher = bound(1, LARGE, 2);
        try (RawPeer slow = subscriber(publisher)) {
            for (int i = 0; i < HIGH_WATER_MARK - 1; i++) {
                assertThat(send(publisher, LARGE)).isTrue();
            }
            List<Long> queued = List.copyOf(accepted);
            slow.unsubscribe("request");
            await("the unsubscription", () -> {
                publisher.channelsWithoutSubscriber();
                return publisher.retirements(0) > 0;
            });
            for (int i = 0; i < 5 * HIGH_WATER_MARK; i++) {
                assertThat(send(publisher, LARGE)).isTrue();
            }
            assertThat(checked(slow.readBodies(1000))).isEqualTo(queued);

            slow.subscribe("request");
            accepted.clear();
            byte[] first = {};
            for (int tries = 0; first.length == 0 && tries < 100; tries++) {
                send(publisher, LARGE);
                first = slow.readBodies(20).stream().findFirst().orElse(first);
            }
            assertThat(accepted).containsAll(checked(List.of(first)));
        }
    }

    @Test
    void a_flood_of_subscriptions_does_not_hold_up_sending_nor_tear_a_message() throws IOException {
        JeromqPublisher publisher = bound(1, LARGE, 2);
        try (RawPeer slow = subscriber(publisher)) {
            sendUntilFull(publisher, LARGE);
            for (int i = 0; i < 1000; i++) {
                slow.subscribe("other" + i);
            }
            for (int i = 0; i < 50; i++) {
                send(publisher, LARGE);
            }
            assertThat(checked(slow.readBodies(1000))).isEqualTo(accepted);
        }
    }

    @Test
    void a_stranger_that_unsubscribes_from_something_else_costs_no_buffers() throws IOException {
        JeromqPublisher publisher = bound(1, 10, 2);
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
    void each_channel_counts_its_own_subscribers() throws IOException {
        JeromqPublisher publisher = bound(3, 10, 2);
        assertThat(publisher.channelsWithoutSubscriber()).containsExactly(0, 1, 2);
        try (RawPeer other = RawPeer.connect(publisher.ports().get(0), "SUB");
                RawPeer peer = RawPeer.connect(publisher.ports().get(1), "SUB")) {
            other.subscribe("requests of another kind");
            peer.subscribe("req");
            await("channel 1", () -> publisher.channelsWithoutSubscriber().equals(List.of(0, 2)));
        }
    }

    @Test
    void payloads_of_every_size_up_to_64_mib_arrive_whole() throws IOException {
        int[] sizes = {64 << 20, 0, 1, 10 << 20, 9};
        JeromqPublisher publisher = new JeromqPublisher(context, 1, 64 << 20, NO_PREFIX, 1, 2);
        publisher.bind("127.0.0.1", 0);
        try (RawPeer peer = subscriber(publisher)) {
            for (int size : sizes) {
                await("room", () -> send(publisher, size));
                byte[] body = peer.readBody();
                assertThat(checked(List.of(body))).containsExactly(accepted.get(accepted.size() - 1));
                assertThat(body.length)
                        .isEqualTo(size + Request.headerLength(NO_PREFIX, accepted.get(accepted.size() - 1)));
            }
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

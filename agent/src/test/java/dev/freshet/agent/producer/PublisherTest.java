package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.OnFull;
import dev.freshet.common.wire.Request;
import dev.freshet.common.zmq.SafeContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** How every publisher behaves, seen from subscribers: one on JeroMQ, and raw ones that do what no library would. */
@Timeout(60)
abstract class PublisherTest {
    static final int LARGE = 1 << 20;
    static final byte[] NO_PREFIX = {};
    private static final long FULL_NANOS = 100_000_000L;

    final AtomicReference<Throwable> death = new AtomicReference<>();
    final SafeContext context = new SafeContext("test", death::set);
    final List<Long> accepted = new ArrayList<>();
    final Map<Long, Integer> sizes = new ConcurrentHashMap<>(); // by message
    private final List<Publisher> publishers = new ArrayList<>();
    private final Request request = new Request();
    long next;

    /** A publisher that is not bound yet. */
    abstract Publisher create(int channels, int maxSizeBytes, OnFull onFull);

    /** Waits until nobody is subscribed to the only channel any more, and says so if it does not come to that. */
    abstract void awaitUnsubscribed(Publisher publisher);

    @AfterEach
    void the_io_thread_has_lived() {
        publishers.forEach(Publisher::close);
        context.close();
        assertThat(death.get()).isNull();
    }

    Publisher bound(Publisher publisher) {
        publishers.add(publisher);
        publisher.bind("127.0.0.1", 0);
        return publisher;
    }

    private Publisher bound(int channels, int maxSizeBytes) {
        return bound(create(channels, maxSizeBytes, OnFull.WAIT));
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("waited 10 s for " + what).isLessThan(deadline);
            LockSupport.parkNanos(100_000);
        }
    }

    /** One with the smallest of buffers: what it does not read waits at the publisher. */
    RawPeer subscriber(Publisher publisher) throws IOException {
        return subscribed(publisher, RawPeer.connect(publisher.ports().get(0), "SUB"));
    }

    /** One that is fast, if it reads. */
    RawPeer fastSubscriber(Publisher publisher) throws IOException {
        return subscribed(publisher, RawPeer.connect(publisher.ports().get(0), "SUB", 0, 1 << 20));
    }

    private RawPeer subscribed(Publisher publisher, RawPeer peer) throws IOException {
        peer.subscribe("request");
        await("the subscription", () -> publisher.channelsWithoutSubscriber().isEmpty());
        return peer;
    }

    /** Makes sure that one more, beside others, is subscribed: it is when something comes. */
    RawPeer secondSubscriber(Publisher publisher, RawPeer first) throws IOException {
        RawPeer second = subscriber(publisher);
        while (!second.hasArrived()) {
            send(publisher, 0);
            first.readBody();
        }
        long last = next;
        await("room", () -> send(publisher, 0));
        first.readBody();
        while (checked(second.readBody()) < last) {
            // what came before
        }
        accepted.clear();
        return second;
    }

    boolean send(Publisher publisher, int sizeBytes) {
        boolean taken = offer(publisher, 0, sizeBytes);
        publisher.flush();
        return taken;
    }

    boolean offer(Publisher publisher, int channel, int sizeBytes) {
        long seq = next++;
        publisher.prepare(channel, seq, 1_000_000 + seq, sizeBytes);
        boolean taken = publisher.offer(channel);
        if (taken) {
            accepted.add(seq);
            sizes.put(seq, sizeBytes);
        }
        return taken;
    }

    /** Sends until nothing has been taken for so long that kernel and encoder must be full as well. */
    void sendUntilFull(Publisher publisher, int sizeBytes, long quietNanos) {
        long lastTaken = System.nanoTime();
        while (System.nanoTime() - lastTaken < quietNanos) {
            if (send(publisher, sizeBytes)) {
                lastTaken = System.nanoTime();
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
    }

    void sendUntilFull(Publisher publisher, int sizeBytes) {
        sendUntilFull(publisher, sizeBytes, FULL_NANOS);
    }

    /** The number of a message that is whole; -1 of any other. */
    long checked(byte[] body) {
        if (!request.parse(ByteBuffer.wrap(body))) {
            return -1;
        }
        long seq = request.seq();
        boolean whole = request.t1Micros() == 1_000_000 + seq
                && request.id().equals(Long.toString(seq))
                && body.length == request.headerLength() + sizes.getOrDefault(seq, -1);
        for (int i = request.headerLength(); whole && i < body.length; i++) {
            whole = body[i] == 'x';
        }
        return whole ? seq : -1;
    }

    List<Long> checked(List<byte[]> bodies) {
        return bodies.stream().map(this::checked).toList();
    }

    List<Long> read(RawPeer peer, int count) throws IOException {
        List<Long> seqs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seqs.add(checked(peer.readBody()));
        }
        return seqs;
    }

    /** Reads all that was accepted, then has one more message sent, which must be the next that comes. */
    private void readsJustWhatWasAccepted(RawPeer peer, Publisher publisher) throws IOException {
        assertThat(read(peer, accepted.size())).isEqualTo(accepted);
        await("room", () -> send(publisher, 0));
        assertThat(checked(peer.readBody())).isEqualTo(accepted.get(accepted.size() - 1));
    }

    ZMQ.Socket jeromqSubscriber(Publisher publisher) {
        ZMQ.Socket socket = context.socket(SocketType.SUB, 1 << 27);
        socket.setReceiveTimeOut(10_000);
        socket.subscribe("request");
        socket.connect("tcp://127.0.0.1:" + publisher.ports().get(0));
        await("the subscription", () -> {
            socket.getEvents(); // when JeroMQ tries a connect again, the socket's own thread sends the subscription
            return publisher.channelsWithoutSubscriber().isEmpty();
        });
        return socket;
    }

    private long received(ZMQ.Socket socket) {
        assertThat(socket.recvStr()).isEqualTo("request");
        assertThat(socket.hasReceiveMore()).isTrue();
        byte[] body = socket.recv();
        assertThat(socket.hasReceiveMore()).isFalse();
        return checked(body);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 100, 255, 2047, 2048, 4096, 100_000, LARGE})
    void every_message_arrives_whole_and_in_order_whatever_its_size(int sizeBytes) {
        Publisher publisher = bound(1, sizeBytes);
        ZMQ.Socket subscriber = jeromqSubscriber(publisher);
        int messages = sizeBytes < LARGE ? 1_500 : 100;
        List<Long> came = new ArrayList<>();
        while (accepted.size() < messages) {
            if (!offer(publisher, 0, sizeBytes)) {
                publisher.flush();
                came.add(received(subscriber));
            }
        }
        publisher.flush();
        while (came.size() < messages) {
            came.add(received(subscriber));
        }
        assertThat(came).isEqualTo(accepted);
    }

    @Test
    void payloads_of_every_size_up_to_64_mib_arrive_whole() throws IOException {
        Publisher publisher = bound(1, 64 << 20);
        try (RawPeer peer = fastSubscriber(publisher)) {
            for (int sizeBytes : new int[] {64 << 20, 0, 1, 10 << 20, 9}) {
                await("room", () -> send(publisher, sizeBytes));
                assertThat(checked(peer.readBody())).isEqualTo(accepted.get(accepted.size() - 1));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 255, 2047, 2048, 100_000, LARGE})
    void what_a_subscriber_that_stops_reading_gets_later_is_exactly_what_was_accepted(int sizeBytes)
            throws IOException {
        Publisher publisher = bound(1, sizeBytes);
        try (RawPeer slow = subscriber(publisher)) {
            sendUntilFull(publisher, sizeBytes);
            assertThat((long) accepted.size()).as("some were refused").isLessThan(next);
            readsJustWhatWasAccepted(slow, publisher);
        }
    }

    @Test
    void a_mix_of_sizes_comes_out_as_it_went_in_while_the_subscriber_reads_in_fits_and_starts() throws IOException {
        int[] mix = {0, 1, 200, 255, 300, 2047, 2048, 2049, 5000, 70_000, (128 << 10) - 1, 128 << 10, 300_000};
        SplittableRandom random = new SplittableRandom(5);
        Publisher publisher = bound(1, 300_000);
        int read = 0;
        try (RawPeer peer = subscriber(publisher)) {
            for (int round = 0; round < 60; round++) {
                for (int i = random.nextInt(60); i > 0; i--) {
                    offer(publisher, 0, mix[random.nextInt(mix.length)]);
                }
                publisher.flush();
                int reading = random.nextInt(accepted.size() - read + 1);
                assertThat(read(peer, reading)).isEqualTo(accepted.subList(read, read + reading));
                read += reading;
            }
            accepted.subList(0, read).clear();
            readsJustWhatWasAccepted(peer, publisher);
        }
    }

    @Test
    void beside_a_subscriber_that_stops_reading_the_other_gets_exactly_what_was_accepted_and_so_does_the_first_later()
            throws IOException {
        Publisher publisher = bound(1, LARGE);
        try (RawPeer fast = fastSubscriber(publisher);
                RawPeer slow = secondSubscriber(publisher, fast)) {
            int refused = 0;
            List<Long> came = new ArrayList<>();
            while (refused < 100) { // in a row: then it is for good
                boolean taken = send(publisher, LARGE);
                refused = taken ? 0 : refused + 1;
                if (taken) {
                    came.add(checked(fast.readBody()));
                } else {
                    LockSupport.parkNanos(1_000_000);
                }
            }
            assertThat(came).isEqualTo(accepted);
            assertThat(fast.hasArrived()).isFalse();
            readsJustWhatWasAccepted(slow, publisher);
        }
    }

    @Test
    void one_that_leaves_in_the_middle_of_a_frame_disturbs_nobody() throws IOException {
        Publisher publisher = bound(1, LARGE);
        try (RawPeer stays = fastSubscriber(publisher)) {
            RawPeer leaves = secondSubscriber(publisher, stays);
            for (int i = 0; i < 30; i++) {
                await("room", () -> send(publisher, LARGE));
                if (i == 3) {
                    leaves.skip(LARGE / 3);
                    leaves.close();
                }
                assertThat(checked(stays.readBody())).isEqualTo(accepted.get(accepted.size() - 1));
            }
        }
    }

    @Test
    void one_that_joins_late_gets_everything_from_then_on() throws IOException {
        Publisher publisher = bound(1, 20_000);
        try (RawPeer first = subscriber(publisher);
                RawPeer late = RawPeer.connect(publisher.ports().get(0), "SUB")) {
            send(publisher, 20_000);
            first.readBody();
            late.subscribe("request");
            while (!late.hasArrived()) {
                send(publisher, 20_000);
                first.readBody();
            }
            for (int i = 0; i < 20; i++) {
                await("room", () -> send(publisher, 20_000));
                first.readBody();
            }
            long joined = checked(late.readBody());
            assertThat(joined).isPositive();
            List<Long> due = accepted.stream().filter(seq -> seq > joined).toList();
            assertThat(read(late, due.size())).isEqualTo(due).hasSizeGreaterThanOrEqualTo(20);
        }
    }

    @Test
    void a_subscriber_that_unsubscribes_with_messages_queued_still_gets_them_whole() throws IOException {
        Publisher publisher = bound(1, LARGE);
        try (RawPeer slow = subscriber(publisher)) {
            for (int i = 0; i < 7; i++) {
                assertThat(send(publisher, LARGE)).isTrue();
            }
            List<Long> queued = List.copyOf(accepted);
            slow.unsubscribe("request");
            awaitUnsubscribed(publisher);
            for (int i = 0; i < 100; i++) {
                assertThat(send(publisher, LARGE)).as("taken for nobody").isTrue();
            }
            assertThat(read(slow, queued.size())).isEqualTo(queued);

            slow.subscribe("request");
            long unheard = next;
            while (!slow.hasArrived()) {
                send(publisher, 10);
            }
            assertThat(checked(slow.readBody())).isGreaterThanOrEqualTo(unheard);
        }
    }

    @Test
    void a_flood_of_subscriptions_does_not_hold_up_sending_nor_tear_a_message() throws IOException {
        Publisher publisher = bound(1, LARGE);
        try (RawPeer slow = subscriber(publisher)) {
            sendUntilFull(publisher, LARGE);
            for (int i = 0; i < 1000; i++) {
                slow.subscribe("other" + i);
            }
            for (int i = 0; i < 50; i++) {
                send(publisher, LARGE);
            }
            readsJustWhatWasAccepted(slow, publisher);
        }
    }

    @Test
    void subscriptions_count_and_the_last_one_that_ends_ends_it() throws IOException {
        Publisher publisher = bound(1, 10);
        try (RawPeer peer = subscriber(publisher)) {
            peer.subscribe("request");
            peer.subscribe("req");
            peer.unsubscribe("request");
            peer.unsubscribe("weather"); // it had none
            peer.unsubscribe("request");
            peer.unsubscribe("re"); // nor of this
            send(publisher, 10);
            assertThat(checked(peer.readBody())).isEqualTo(accepted.get(0));
            peer.unsubscribe("req");
            awaitUnsubscribed(publisher);
            send(publisher, 10);
            assertThat(peer.hasArrived()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "r", "req", "request"})
    void a_subscription_to_a_beginning_of_the_topic_is_one_to_all_messages(String topic) throws IOException {
        Publisher publisher = bound(1, 10);
        try (RawPeer other = RawPeer.connect(publisher.ports().get(0), "SUB");
                RawPeer peer = RawPeer.connect(publisher.ports().get(0), "XSUB")) {
            other.subscribe("requests");
            other.subscribe("Request");
            assertThat(publisher.channelsWithoutSubscriber()).containsExactly(0);
            peer.subscribe(topic);
            await(
                    "the subscription",
                    () -> publisher.channelsWithoutSubscriber().isEmpty());
            for (int i = 0; i < 5; i++) {
                send(publisher, 10);
            }
            assertThat(read(peer, 5)).isEqualTo(accepted);
            assertThat(other.hasArrived()).isFalse();
        }
    }

    @Test
    void each_channel_has_its_own_subscribers_and_messages() throws IOException {
        Publisher publisher = bound(3, 10);
        assertThat(publisher.ports()).hasSize(3).doesNotHaveDuplicates();
        assertThat(publisher.channelsWithoutSubscriber()).containsExactly(0, 1, 2);
        try (RawPeer other = RawPeer.connect(publisher.ports().get(0), "SUB");
                RawPeer peer = RawPeer.connect(publisher.ports().get(1), "SUB")) {
            other.subscribe("requests of another kind");
            peer.subscribe("req");
            await("channel 1", () -> publisher.channelsWithoutSubscriber().equals(List.of(0, 2)));
            for (int i = 0; i < 9; i++) {
                assertThat(offer(publisher, i % 3, 10)).isTrue();
            }
            publisher.flush();
            assertThat(read(peer, 3)).containsExactly(1L, 4L, 7L);
            assertThat(other.hasArrived()).isFalse();
        }
    }

    @Test
    void a_ping_is_answered_with_its_context_also_while_messages_flow_and_never_inside_one() throws Exception {
        Publisher publisher = bound(1, 50_000);
        try (RawPeer peer = subscriber(publisher)) {
            peer.ping("idle");
            assertThat(peer.readFrame().body()).asString().isEqualTo("\4PONGidle");
            Thread sender = new Thread(() -> {
                for (int i = 0; i < 300; i++) {
                    send(publisher, i % 2 == 0 ? 50_000 : 50);
                    LockSupport.parkNanos(500_000);
                }
            });
            sender.start();
            int messages = 0;
            for (int ping = 0; ping < 10; ping++) {
                peer.ping("number " + ping);
                RawPeer.Frame frame = peer.readFrame();
                for (; !frame.isCommand(); frame = peer.readFrame()) {
                    assertThat(frame.hasMore()).isTrue();
                    assertThat(peer.readFrame().isCommand()).isFalse();
                    messages++;
                }
                assertThat(frame.body()).asString().isEqualTo("\4PONGnumber " + ping);
            }
            sender.join();
            assertThat(read(peer, accepted.size() - messages)).isEqualTo(accepted.subList(messages, accepted.size()));
        }
    }
}

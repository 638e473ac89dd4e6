package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.FreePorts;
import dev.freshet.agent.run.RunEvents;
import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import dev.freshet.common.zmq.SafeContext;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against subscribers and consumers on libzmq. */
@Timeout(90)
class LibzmqTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String FOR_EVER = "100000000";
    private static final byte[] NO_PREFIX = {};

    /** Asks for a sign of life every 40 ms, and gives up a publisher that gives none for 120 ms. */
    private static final String HEARTBEATS = """
            import sys, zmq
            socket = zmq.Context().socket(zmq.SUB)
            socket.setsockopt(zmq.HEARTBEAT_IVL, 40)
            socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 120)
            socket.setsockopt(zmq.RCVTIMEO, 10000)
            losses = socket.get_monitor_socket(zmq.EVENT_DISCONNECTED)
            socket.subscribe("req")
            socket.connect(sys.argv[1])
            bodies = [socket.recv_multipart()[1] for i in range(int(sys.argv[2]))]
            whole = sum(body.startswith(b"request|seq_n=%d|" % i) for i, body in enumerate(bodies))
            print(f"whole={whole} lost={losses.poll(0)}")
            """;

    @TempDir
    Path directory;

    private final EpochClock clock = EpochClock.anchored();
    private final RecordedEvents events = new RecordedEvents();

    private ProducerRun bound(int rate, int sizeBytes, int channels, long measuredNanos) {
        Shard.Producing shard = new Shard.Producing(
                "p1",
                Schedule.of(Rate.perSecond(rate)),
                SizeMix.single(sizeBytes),
                channels,
                0,
                0,
                OnFull.SKIP,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                new Timing(0, measuredNanos, SECOND));
        ProducerRun run =
                new ProducerRun(ProducerSetup.inFleet(shard, "127.0.0.1", directory, line -> {}), clock, events);
        run.bind();
        return run;
    }

    private static PeerPrograms.Running subscriber(String endpoint, int seconds) throws Exception {
        return PeerPrograms.start(
                List.of(PeerPrograms.zmqpeer(), "sub", endpoint, FOR_EVER, Integer.toString(seconds)));
    }

    private void awaitTime(long nanos) {
        while (clock.epochNanos() < nanos) {
            LockSupport.parkNanos(nanos - clock.epochNanos());
        }
    }

    @Test
    void every_header_is_whole_at_1_mib_beside_a_stopped_subscriber_and_one_that_joins_late() throws Exception {
        ProducerRun run = bound(600, 1 << 20, 1, 5 * SECOND);
        String endpoint = events.bound.join().get(0);
        try (PeerPrograms.Running fast = subscriber(endpoint, 8);
                PeerPrograms.Running slow = subscriber(endpoint, 8);
                TestConsumer consumer = new TestConsumer(events.bound.join(), events.startEndpoint.join())) {
            run.connect(List.of(consumer.peer()));
            RecordedEvents.await(events.prepared, events.failed);
            long t0 = clock.epochNanos() + SECOND / 2;
            run.start(t0);
            for (int i = 1; i <= 8; i++) {
                awaitTime(t0 + i * SECOND / 2);
                slow.signal(i % 2 == 1 ? "STOP" : "CONT");
                if (i == 3) {
                    slow.signal("CONT");
                    try (PeerPrograms.Running late = subscriber(endpoint, 1)) {
                        assertThat(late.await(10)).contains("malformed=0", "out_of_order=0");
                    }
                    slow.signal("STOP");
                }
            }
            Book measured = RecordedEvents.total(RecordedEvents.await(events.finished, events.failed), Phase.MEASURED);
            assertThat(measured.counts().get(Count.SENT)).isGreaterThan(100);
            for (PeerPrograms.Running subscriber : List.of(fast, slow)) {
                assertThat(subscriber.await(20))
                        .contains("malformed=0", "out_of_order=0")
                        .doesNotContain("messages=0 ");
            }
        } finally {
            run.release();
        }
    }

    @Test
    void a_pyzmq_consumer_answers_every_message_of_a_fleets_producer_on_two_channels() throws Exception {
        ProducerRun run = bound(300, 20_000, 2, SECOND);
        List<String> data = events.bound.join();
        int vizPort = FreePorts.next();
        List<String> command = new java.util.ArrayList<>(PeerPrograms.consumerPeer());
        command.addAll(List.of("--seconds", "3", "--viz-port", Integer.toString(vizPort)));
        command.addAll(List.of("--control-port", portOf(events.startEndpoint.join())));
        command.addAll(List.of("--data-port", portOf(data.get(0)), "--channels", "1"));
        // its channels are neighbours, ours are anywhere: a second one takes the other channel
        try (PeerPrograms.Running consumer = PeerPrograms.start(command);
                PeerPrograms.Running other = subscriber(data.get(1), 5)) {
            run.connect(List.of(new Peer("py", null, List.of("tcp://127.0.0.1:" + vizPort), null, null)));
            RecordedEvents.await(events.prepared, events.failed);
            run.start(clock.epochNanos());
            RunEvents.Result result = events.finished.get(20, TimeUnit.SECONDS);
            Book measured = RecordedEvents.total(result, Phase.MEASURED);
            assertThat(measured.counts().get(Count.SENT)).isEqualTo(300);
            assertThat(measured.counts().get(Count.MEASURED)).isEqualTo(150);
            assertThat(measured.counts().get(Count.MALFORMED_ANSWERS)).isZero();
            assertThat(consumer.await(20)).contains("reply='start'", "requests=150", "malformed=0", "payload=20000");
            assertThat(other.await(20)).contains("messages=150 malformed=0");
        } finally {
            run.release();
        }
    }

    private Publisher publisher(Engine engine, SafeContext context, int sizeBytes) {
        Publisher publisher = engine == Engine.JEROMQ
                ? new JeromqPublisher(context, 1, sizeBytes, NO_PREFIX)
                : new DirectPublisher(1, sizeBytes, NO_PREFIX, OnFull.WAIT, Throwable::printStackTrace);
        publisher.bind("127.0.0.1", 0);
        return publisher;
    }

    private static void awaitSubscription(Publisher publisher) {
        PublisherTest.await(
                "a subscription", () -> publisher.channelsWithoutSubscriber().isEmpty());
    }

    private static void send(Publisher publisher, long seq, int sizeBytes) {
        publisher.prepare(0, seq, 1_000_000 + seq, sizeBytes);
        if (!publisher.offer(0)) {
            publisher.flush();
            PublisherTest.await("room", () -> publisher.offer(0));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "DIRECT, 0, 20000",
        "DIRECT, 2047, 10000",
        "DIRECT, 2048, 10000",
        "DIRECT, 1048576, 200",
        "JEROMQ, 0, 20000",
        "JEROMQ, 1048576, 200"
    })
    void a_libzmq_subscriber_gets_every_message_whole_and_in_order(Engine engine, int sizeBytes, int messages)
            throws Exception {
        try (SafeContext context = new SafeContext("test", Throwable::printStackTrace);
                Publisher publisher = publisher(engine, context, sizeBytes);
                PeerPrograms.Running subscriber = PeerPrograms.start(List.of(
                        PeerPrograms.zmqpeer(),
                        "sub",
                        "tcp://127.0.0.1:" + publisher.ports().get(0),
                        Integer.toString(messages),
                        "20"))) {
            awaitSubscription(publisher);
            for (int seq = 0; seq < messages; seq++) {
                send(publisher, seq, sizeBytes);
            }
            publisher.flush();
            assertThat(subscriber.await(20)).contains("messages=" + messages + " malformed=0", "out_of_order=0");
        }
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void a_pyzmq_subscriber_that_asks_for_signs_of_life_stays_connected_while_nothing_and_while_much_is_sent(
            Engine engine) throws Exception {
        String python = PeerPrograms.consumerPeer().get(0);
        try (SafeContext context = new SafeContext("test", Throwable::printStackTrace);
                Publisher publisher = publisher(engine, context, 300_000);
                PeerPrograms.Running subscriber = PeerPrograms.start(List.of(
                        python,
                        "-c",
                        HEARTBEATS,
                        "tcp://127.0.0.1:" + publisher.ports().get(0),
                        "1000"))) {
            awaitSubscription(publisher);
            send(publisher, 0, 10);
            publisher.flush();
            awaitTime(clock.epochNanos() + SECOND / 2); // in which nothing is sent
            for (int seq = 1; seq < 1000; seq++) {
                send(publisher, seq, seq % 2 == 0 ? 10 : 300_000);
            }
            publisher.flush();
            assertThat(subscriber.await(20)).contains("whole=1000 lost=0");
        }
    }

    private static String portOf(String endpoint) {
        return endpoint.substring(endpoint.lastIndexOf(':') + 1);
    }
}

package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.run.Recording;
import dev.freshet.agent.run.RunEvents;
import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Ledger;
import dev.freshet.common.measure.MeasurementCsv;
import dev.freshet.common.measure.Metric;
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
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

@Timeout(60)
class ProducerRunTest {
    private static final long SECOND = 1_000_000_000L;
    private static final String LOOPBACK = "127.0.0.1";

    @TempDir
    Path directory;

    private final EpochClock clock = EpochClock.anchored();
    private final RecordedEvents events = new RecordedEvents();
    private ProducerRun run;

    @AfterEach
    void release() {
        if (run != null) {
            run.release();
            run.release(); // a second time does nothing
        }
    }

    private static Shard.Producing shard(int rate, String size, int channels, OnFull onFull, Timing timing) {
        return shard(Engine.DIRECT, rate, size, channels, onFull, timing);
    }

    private static Shard.Producing shard(
            Engine engine, int rate, String size, int channels, OnFull onFull, Timing timing) {
        return shard(engine, rate, size, channels, onFull, Measure.ALL, timing);
    }

    private static Shard.Producing shard(
            Engine engine, int rate, String size, int channels, OnFull onFull, Measure measure, Timing timing) {
        return new Shard.Producing(
                "p1",
                Schedule.of(Rate.perSecond(rate)),
                SizeMix.parse("size", size),
                channels,
                0,
                0,
                onFull,
                engine,
                Waiting.HYBRID,
                measure,
                timing);
    }

    private static Shard.Producing shard(int rate, long measuredNanos) {
        return shard(rate, "1KiB", 1, OnFull.SKIP, new Timing(0, measuredNanos, 2 * SECOND));
    }

    private void begin(Shard.Producing shard) {
        begin(ProducerSetup.inFleet(shard, LOOPBACK, directory, line -> {}));
    }

    private void begin(ProducerSetup setup) {
        run = new ProducerRun(setup, clock, events);
        run.bind();
    }

    private ProducerSetup impatient(Shard.Producing shard) {
        return new ProducerSetup(
                shard,
                LOOPBACK,
                directory.resolve("measurements.csv"),
                "p1",
                true,
                new ProducerSetup.Patience(SECOND / 5, SECOND / 5, false),
                UnaryOperator.identity(),
                line -> {});
    }

    private int controlPort() {
        return port(events.startEndpoint.join());
    }

    private int dataPort() {
        return port(events.bound.join().get(0));
    }

    private static int port(String endpoint) {
        return Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
    }

    private TestConsumer consume() throws Exception {
        TestConsumer consumer = new TestConsumer(events.bound.get(5, TimeUnit.SECONDS), events.startEndpoint.get());
        run.connect(List.of(consumer.peer()));
        RecordedEvents.await(events.prepared, events.failed);
        return consumer;
    }

    private RunEvents.Result finished() throws Exception {
        return RecordedEvents.await(events.finished, events.failed);
    }

    @Test
    void a_whole_run_balances_to_the_last_message_and_leaves_a_row_for_each_measured_answer() throws Exception {
        begin(shard(400, "100B:3,20KiB:1", 2, OnFull.SKIP, new Timing(SECOND, 2 * SECOND, 2 * SECOND)));
        try (TestConsumer consumer = consume()) {
            long t0 = clock.epochNanos() + SECOND / 10;
            run.start(t0);
            RunEvents.Result result = finished();

            Book warmup = RecordedEvents.total(result, Phase.WARMUP);
            Book measured = RecordedEvents.total(result, Phase.MEASURED);
            assertThat(warmup.counts().get(Count.SCHEDULED)).isEqualTo(400);
            assertThat(measured.counts().get(Count.SCHEDULED)).isEqualTo(800);
            assertThat(consumer.received.get()).isEqualTo(1200);
            for (Book book : List.of(warmup, measured)) {
                long messages = book.counts().get(Count.SCHEDULED);
                assertThat(Ledger.of(book.counts(), messages).balanced()).isTrue();
                assertThat(book.counts().get(Count.SENT)).isEqualTo(messages);
                assertThat(book.counts().get(Count.MEASURED)).isEqualTo(messages);
                for (Metric metric : Metric.values()) {
                    assertThat(book.histogram(metric).count())
                            .as(metric.toString())
                            .isEqualTo(messages);
                }
                assertThat(book.histogram(Metric.LATENESS).negativeCount()).isZero();
            }
            assertThat(warmup.counts().get(Count.DUPLICATE_ANSWERS)
                            + measured.counts().get(Count.DUPLICATE_ANSWERS))
                    .isEqualTo(consumer.twice.get());
            assertThat(warmup.counts().get(Count.FOREIGN_ANSWERS)
                            + measured.counts().get(Count.FOREIGN_ANSWERS))
                    .isEqualTo(12);
            assertThat(warmup.counts().get(Count.MALFORMED_ANSWERS)
                            + measured.counts().get(Count.MALFORMED_ANSWERS))
                    .isEqualTo(12);
            for (Phase phase : Phase.values()) {
                assertThat(events.sum(phase).counts())
                        .isEqualTo(RecordedEvents.total(result, phase).counts());
            }
            assertThat(events.intervals).hasSize(result.intervals());
            assertThat(result.firstSendNanos()).isBetween(t0, t0 + SECOND);
            List<String> rows = Files.readAllLines(result.files().get(0).path());
            assertThat(result.files()).containsExactly(Recording.of(directory.resolve("measurements.csv")));
            assertThat(rows.get(0)).isEqualTo(MeasurementCsv.HEADER);
            assertThat(rows).hasSize(801);
            assertThat(rows).filteredOn(row -> row.startsWith("400,p1-400,")).hasSize(1);
            assertThat(result.notes()).isEmpty();
            assertThat(events.endings.get()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1/8, 25", "none, 0"})
    void a_run_that_measures_some_answers_has_rows_of_these_and_figures_of_all(String measure, int rows)
            throws Exception {
        Timing timing = new Timing(0, SECOND / 2, 2 * SECOND);
        begin(shard(Engine.DIRECT, 400, "1KiB", 1, OnFull.SKIP, Measure.parse("measure", measure), timing));
        try (TestConsumer consumer = consume()) {
            run.start(clock.epochNanos() + SECOND / 10);
            RunEvents.Result result = finished();

            Book measured = RecordedEvents.total(result, Phase.MEASURED);
            assertThat(measured.counts().get(Count.MEASURED)).isEqualTo(200);
            assertThat(measured.histogram(Metric.TOTAL).count()).isEqualTo(200);
            assertThat(measured.counts().get(Count.ROWS)).isEqualTo(rows);
            assertThat(result.files()).hasSize(rows == 0 ? 0 : 1);
            Path file = directory.resolve("measurements.csv");
            assertThat(Files.exists(file)).isEqualTo(rows > 0);
            if (rows > 0) {
                assertThat(Files.readAllLines(file)).hasSize(1 + rows).anyMatch(row -> row.startsWith("8,p1-8,"));
            }
            assertThat(consumer.received.get()).isEqualTo(200);
        }
    }

    @Test
    void a_stopped_run_keeps_its_books_and_cancels_what_is_left_in_both_phases() throws Exception {
        begin(shard(1000, "10B", 1, OnFull.SKIP, new Timing(2 * SECOND, 1000 * SECOND, SECOND)));
        try (TestConsumer consumer = consume()) {
            run.start(clock.epochNanos());
            while (consumer.received.get() < 20) {
                Thread.onSpinWait();
            }
            run.stop("asked to");
            RunEvents.Result result = finished();
            Book warmup = RecordedEvents.total(result, Phase.WARMUP);
            Book measured = RecordedEvents.total(result, Phase.MEASURED);
            assertThat(warmup.counts().get(Count.SENT)).isGreaterThanOrEqualTo(20);
            assertThat(warmup.counts().get(Count.SENT) + warmup.counts().get(Count.CANCELLED))
                    .isEqualTo(2000);
            assertThat(measured.counts().get(Count.SCHEDULED)).isEqualTo(1_000_000);
            assertThat(measured.counts().get(Count.CANCELLED)).isEqualTo(1_000_000);
            assertThat(result.notes()).containsExactly("stopped: asked to");
        }
    }

    @Test
    void a_run_stopped_before_its_start_cancels_everything() throws Exception {
        begin(shard(10, 5 * SECOND));
        run.stop("changed my mind");
        Book measured = RecordedEvents.total(finished(), Phase.MEASURED);
        assertThat(measured.counts().get(Count.SCHEDULED)).isEqualTo(50);
        assertThat(measured.counts().get(Count.CANCELLED)).isEqualTo(50);
        assertThat(finished().firstSendNanos()).isNull();
    }

    @Test
    void without_consumers_nothing_is_waited_for_before_or_after() throws Exception {
        begin(shard(1000, "10B", 1, OnFull.SKIP, new Timing(0, SECOND / 5, 1000 * SECOND)));
        run.connect(List.of());
        RecordedEvents.await(events.prepared, events.failed);
        run.start(clock.epochNanos());
        assertThat(RecordedEvents.total(finished(), Phase.MEASURED).counts().get(Count.SENT))
                .isEqualTo(200);
    }

    @Test
    void a_message_refused_at_the_high_water_mark_is_counted_as_skipped() throws Exception {
        long received = besideASlowSubscriber(Engine.JEROMQ, OnFull.SKIP);
        Book measured = RecordedEvents.total(finished(), Phase.MEASURED);
        assertThat(measured.counts().get(Count.SKIPPED)).isPositive();
        assertThat(measured.counts().get(Count.SENT)).isEqualTo(received);
        assertThat(received + measured.counts().get(Count.SKIPPED)).isEqualTo(200);
    }

    @Test
    void a_subscriber_that_does_not_read_is_passed_over_and_named_and_the_others_get_everything() throws Exception {
        assertThat(besideASlowSubscriber(Engine.DIRECT, OnFull.SKIP)).isEqualTo(200);
        RunEvents.Result result = finished();
        assertThat(RecordedEvents.total(result, Phase.MEASURED).counts().get(Count.SENT))
                .isEqualTo(200);
        assertThat(result.notes())
                .singleElement()
                .asString()
                .matches("[0-9]+ messages were not given to the subscriber at /127.0.0.1:[0-9]+, as it did not read");
    }

    @ParameterizedTest
    @EnumSource(Engine.class)
    void a_message_that_waits_for_room_is_cancelled_when_the_run_is_stopped(Engine engine) throws Exception {
        assertThat(besideASlowSubscriber(engine, OnFull.WAIT)).isLessThan(200);
        Book measured = RecordedEvents.total(finished(), Phase.MEASURED);
        assertThat(measured.counts().get(Count.SKIPPED)).isZero();
        assertThat(measured.counts().get(Count.CANCELLED)).isPositive();
        assertThat(measured.counts().get(Count.SENT) + measured.counts().get(Count.CANCELLED))
                .isEqualTo(200);
    }

    /**
     * Sends 200 MiB while another subscriber reads nothing; stopped, if it would wait for room, when all of it was due.
     *
     * @return how many messages the consumer got
     */
    private long besideASlowSubscriber(Engine engine, OnFull onFull) throws Exception {
        begin(shard(engine, 200, "1MiB", 1, onFull, new Timing(0, SECOND, SECOND / 2)));
        try (RawPeer slow = RawPeer.connect(dataPort(), "SUB");
                TestConsumer consumer = consume()) {
            slow.subscribe("request");
            run.start(clock.epochNanos() + SECOND / 5);
            if (onFull == OnFull.WAIT) {
                events.firstInterval.get(10, TimeUnit.SECONDS);
                assertThat(events.finished).isNotDone();
                run.stop("enough");
            }
            finished();
            return consumer.received.get();
        }
    }

    @Test
    void a_consumer_that_never_says_start_is_named_and_waited_for_not_for_ever() throws Exception {
        begin(impatient(shard(10, SECOND)));
        run.connect(List.of(new Peer("c7", null, List.of(), null, null)));
        assertThat(events.failed.get(10, TimeUnit.SECONDS)).contains("c7", "'start'", events.startEndpoint.join());
        assertThat(events.endings.get()).isEqualTo(1);
    }

    @Test
    void an_external_consumer_is_waited_for_as_long_as_it_may_take() throws Exception {
        begin(impatient(shard(10, SECOND)));
        long beganNanos = System.nanoTime();
        run.connect(List.of(new Peer("external consumer daq9:5556", null, List.of(), null, 2 * SECOND)));
        assertThat(events.failed.get(10, TimeUnit.SECONDS))
                .startsWith("waited 2 s for external consumer daq9:5556 to say 'start' on ");
        assertThat(System.nanoTime() - beganNanos).isGreaterThanOrEqualTo(2 * SECOND);
    }

    @Test
    void a_missing_subscription_names_the_channel_that_has_none() throws Exception {
        begin(impatient(shard(10, "1B", 2, OnFull.SKIP, new Timing(0, SECOND, SECOND))));
        try (TestConsumer consumer = new TestConsumer(events.bound.join().subList(0, 1), events.startEndpoint.join())) {
            run.connect(List.of(consumer.peer()));
            assertThat(events.failed.get(10, TimeUnit.SECONDS))
                    .contains("c1", "no subscription", events.bound.join().get(1))
                    .doesNotContain(events.bound.join().get(0));
            assertThat(consumer.received.get()).isZero();
        }
    }

    @Test
    void a_taken_port_is_named_with_who_asked_for_it_and_nothing_is_left_behind() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Shard.Producing wanted = new Shard.Producing(
                    "p1",
                    Schedule.of(Rate.perSecond(1)),
                    SizeMix.single(1),
                    1,
                    0,
                    taken.getLocalPort(),
                    OnFull.SKIP,
                    Engine.DIRECT,
                    Waiting.HYBRID,
                    Measure.ALL,
                    new Timing(0, SECOND, SECOND));
            begin(wanted);
            assertThat(events.failed.join()).contains("control port", Integer.toString(taken.getLocalPort()), "in use");
            assertThat(directory).isEmptyDirectory();
        }
    }

    @Test
    void start_is_answered_at_any_time_and_anything_else_with_an_error() throws Exception {
        begin(shard(10, SECOND));
        try (SafeContext context = new SafeContext("test", Throwable::printStackTrace)) {
            ZMQ.Socket request = context.socket(SocketType.REQ, 1024);
            request.setReceiveTimeOut(5000);
            request.connect(events.startEndpoint.join());
            for (String said : List.of("stop", "", "start", "START", "start")) {
                request.send(said);
                assertThat(request.recvStr()).startsWith(said.equals("start") ? "start" : "error: ");
            }
            request.sendMore("start");
            request.send("start");
            assertThat(request.recvStr()).startsWith("error: ");
        }
        run.stop("done");
        assertThat(finished().notes()).anyMatch(note -> note.startsWith("4 requests on the control port"));
    }

    @Test
    void strangers_at_the_control_port_do_not_cost_the_next_consumer_its_reply() throws Exception {
        begin(shard(10, SECOND));
        for (long length : new long[] {-1, Long.MIN_VALUE, Integer.MAX_VALUE, 1L << 40}) {
            try (SafeContext stranger = new SafeContext("stranger", Throwable::printStackTrace);
                    RawPeer hostile = RawPeer.connect(controlPort(), "REQ")) {
                ZMQ.Socket dealer = stranger.socket(SocketType.DEALER, 1024);
                dealer.setLinger(5000); // the frame goes out, then the stranger is gone
                dealer.connect(events.startEndpoint.join());
                dealer.send("start");
                dealer.close();
                hostile.announce(length);
            }
            try (SafeContext honest = new SafeContext("honest", Throwable::printStackTrace)) {
                ZMQ.Socket request = honest.socket(SocketType.REQ, 1024);
                request.setReceiveTimeOut(10_000);
                request.connect(events.startEndpoint.join());
                request.send("start");
                assertThat(request.recvStr()).isEqualTo("start");
            }
        }
        run.stop("done");
        assertThat(finished().notes()).anyMatch(note -> note.endsWith("requests on the control port were not 'start'"));
    }

    @Test
    void absurd_frame_lengths_on_all_three_ports_change_nothing() throws Exception {
        long[] lengths = {-1, Long.MIN_VALUE, 0xFFFFFFFF80000000L, Integer.MAX_VALUE, 1L << 40};
        List<AutoCloseable> strangers = new ArrayList<>();
        begin(shard(500, SECOND));
        try (TestConsumer consumer = new TestConsumer(events.bound.join(), events.startEndpoint.join())) {
            List<ServerSocket> hostile = new ArrayList<>();
            List<Peer> peers = new ArrayList<>(List.of(consumer.peer()));
            for (int i = 0; i < lengths.length; i++) {
                ServerSocket server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                strangers.add(server);
                hostile.add(server);
                peers.add(new Peer("h" + i, null, List.of("tcp://127.0.0.1:" + server.getLocalPort()), null, null));
            }
            run.connect(peers);
            for (int i = 0; i < lengths.length; i++) {
                strangers.add(announced(RawPeer.connect(dataPort(), "SUB"), lengths[i]));
                strangers.add(announced(RawPeer.connect(controlPort(), "REQ"), lengths[i]));
                strangers.add(announced(RawPeer.accept(hostile.get(i), "PUB"), lengths[i]));
            }
            RecordedEvents.await(events.prepared, events.failed);
            run.start(clock.epochNanos());
            Book measured = RecordedEvents.total(finished(), Phase.MEASURED);
            assertThat(measured.counts().get(Count.MEASURED)).isEqualTo(500);
        } finally {
            for (AutoCloseable stranger : strangers) {
                stranger.close();
            }
        }
    }

    private static RawPeer announced(RawPeer peer, long length) throws Exception {
        peer.announce(length);
        return peer;
    }

    @Test
    void an_unpaced_run_sends_all_that_is_taken_and_times_no_message_from_when_it_was_due() throws Exception {
        Timing timing = new Timing(SECOND, SECOND / 2, 5 * SECOND);
        begin(new Shard.Producing(
                "p1",
                null,
                SizeMix.single(100_000),
                1,
                0,
                0,
                OnFull.WAIT,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                timing));
        try (TestConsumer consumer = consume()) {
            run.start(clock.epochNanos() + SECOND / 10);
            RunEvents.Result result = finished();

            long sent = 0;
            for (Phase phase : Phase.values()) {
                Book book = RecordedEvents.total(result, phase);
                long scheduled = book.counts().get(Count.SCHEDULED);
                assertThat(scheduled).isPositive();
                assertThat(Ledger.of(book.counts(), scheduled).balanced()).isTrue();
                assertThat(book.counts().get(Count.SENT)).isEqualTo(scheduled);
                assertThat(book.counts().get(Count.MEASURED)).isEqualTo(scheduled);
                assertThat(book.has(Metric.LATENESS)).isFalse();
                assertThat(book.has(Metric.RESPONSE_TIME)).isFalse();
                sent += scheduled;
            }
            assertThat(consumer.received.get()).isEqualTo(sent);
            List<String> rows = Files.readAllLines(directory.resolve("measurements.csv"));
            assertThat(rows)
                    .hasSize(1
                            + (int) RecordedEvents.total(result, Phase.MEASURED)
                                    .counts()
                                    .get(Count.MEASURED));
            assertThat(rows.get(1)).endsWith(",");
        }
    }
}

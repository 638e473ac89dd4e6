package dev.freshet.agent.consumer;

import static dev.freshet.agent.consumer.FakeProducer.ascii;
import static dev.freshet.agent.consumer.FakeProducer.body;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.run.RunEvents;
import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.measure.Count;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.wire.Request;
import dev.freshet.common.wire.Response;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumerRunTest {
    private static final long SECOND = 1_000_000_000L;
    private static final Timing TIMING = new Timing(SECOND, 10 * SECOND, SECOND);
    private static final int RATE = 1000; // so that messages below 1000 are those of the warm-up

    private final EpochClock clock = EpochClock.anchored();
    private final RecordedEvents events = new RecordedEvents();
    private final List<FakeProducer> producers = new ArrayList<>();
    private ConsumerRun run;
    private int answerPort;

    @AfterEach
    void close() throws InterruptedException {
        if (run != null) {
            run.release();
            assertThat(run.awaitReleased(10_000)).as("released within 10 s").isTrue();
        }
        for (FakeProducer producer : producers) {
            producer.close();
        }
    }

    private FakeProducer producer(String name, int channels) {
        FakeProducer producer = new FakeProducer(name, channels);
        producers.add(producer);
        return producer;
    }

    private String bind(long processingNanos, int workers) throws InterruptedException {
        Shard.Consuming shard = new Shard.Consuming("c1", List.of(), 0, processingNanos, workers, 1 << 20, TIMING);
        run = new ConsumerRun(shard, "127.0.0.1", clock, events);
        run.bind();
        String endpoint = events.await(events.bound).get(0);
        answerPort = Integer.parseInt(endpoint.substring(endpoint.lastIndexOf(':') + 1));
        return endpoint;
    }

    private void prepare(long processingNanos, int workers) throws InterruptedException {
        String answerEndpoint = bind(processingNanos, workers);
        List<Peer> peers = new ArrayList<>();
        for (FakeProducer producer : producers) {
            producer.listenTo(answerEndpoint);
            peers.add(producer.peer(producer.shard(TIMING, RATE)));
        }
        run.connect(peers);
        awaitPrepared();
        for (FakeProducer producer : producers) {
            producer.awaitSubscribed();
        }
    }

    /** Keeps the producers' sockets going meanwhile: when JeroMQ tries a connect again, the subscription is sent by the socket's own thread. */
    private void awaitPrepared() throws InterruptedException {
        long deadline = System.nanoTime() + 30 * SECOND;
        while (events.prepared.poll(10, TimeUnit.MILLISECONDS) == null) {
            assertThat(System.nanoTime())
                    .as("prepared within 30 s; failed: %s", events.failed)
                    .isLessThan(deadline);
            producers.forEach(FakeProducer::keepGoing);
        }
    }

    private RunEvents.Result stop() throws InterruptedException {
        run.stop("done");
        return events.await(events.finished);
    }

    private static List<Long> upTo(long end) {
        return LongStream.range(0, end).boxed().toList();
    }

    @Test
    void each_producer_gets_its_own_answers_and_no_others_on_its_port() throws InterruptedException {
        FakeProducer p1 = producer("p1", 1);
        FakeProducer p2 = producer("p2", 1);
        Shard.Consuming shard = new Shard.Consuming("c1", List.of("p1", "p2"), 0, 0, 1, 1000, TIMING);
        run = new ConsumerRun(shard, "127.0.0.1", clock, events);
        run.bind();
        List<String> endpoints = events.await(events.bound);
        assertThat(endpoints).hasSize(2);
        p1.listenTo(endpoints.get(0));
        p2.listenTo(endpoints.get(1));
        run.connect(List.of(p2.peer(p2.shard(TIMING, RATE)), p1.peer(p1.shard(TIMING, RATE)))); // whatever the order
        awaitPrepared();
        p1.awaitSubscribed();
        p2.awaitSubscribed();
        run.start(clock.epochNanos());
        for (int seq = 0; seq < 100; seq++) {
            p1.send(seq, 10);
            p2.send(seq, 10);
        }
        assertThat(p1.answers(100)).isEqualTo(upTo(100));
        assertThat(p2.answers(100)).isEqualTo(upTo(100));
        assertThat(p1.nothingFollows(100)).isTrue();
        assertThat(p1.foreignAnswers() + p2.foreignAnswers()).isZero();
    }

    @Test
    void messages_of_several_producers_and_channels_are_counted_and_answered_exactly() throws InterruptedException {
        FakeProducer p1 = producer("p1", 1);
        FakeProducer p2 = producer("p2", 3);
        FakeProducer p3 = producer("p3", 1);
        prepare(0, 1);
        run.start(clock.epochNanos());
        for (int seq = 0; seq < 3000; seq++) {
            p1.send(seq, 100);
            p2.send(seq, 0);
            if (seq < 50) {
                p3.send(seq, 1 << 20);
            }
        }
        assertThat(p1.answers(3000)).isEqualTo(upTo(3000));
        assertThat(p2.answers(3000)).containsExactlyInAnyOrderElementsOf(upTo(3000));
        assertThat(p3.answers(50)).isEqualTo(upTo(50));

        RunEvents.Result result = stop();
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.RECEIVED)).isEqualTo(1000);
        assertThat(events.total(result, "p1", Phase.MEASURED, Count.RECEIVED)).isEqualTo(2000);
        assertThat(events.total(result, "p1", Phase.MEASURED, Count.RECEIVED_BYTES))
                .isEqualTo(200_000);
        assertThat(events.total(result, "p2", Phase.MEASURED, Count.RECEIVED)).isEqualTo(2000);
        assertThat(events.total(result, "p2", Phase.MEASURED, Count.MISSING)).isZero();
        assertThat(events.total(result, "p2", Phase.MEASURED, Count.OUT_OF_ORDER))
                .isZero();
        assertThat(events.total(result, "p3", Phase.WARMUP, Count.RECEIVED_BYTES))
                .isEqualTo(50L << 20);
        assertThat(events.total(result, "p3", Phase.WARMUP, Count.MALFORMED)).isZero();
        assertThat(result.notes()).isEmpty();
        assertThat(events.failed).isEmpty();
    }

    @Test
    void gaps_duplicates_and_latecomers_are_told_apart_and_all_but_the_missing_are_answered()
            throws InterruptedException {
        FakeProducer p1 = producer("p1", 1);
        prepare(0, 1);
        run.start(clock.epochNanos());
        long[] sent = {0, 1, 2, 995, 996, 996, 5, 1005, 1003, 1003};
        for (long seq : sent) {
            p1.send(seq, 10);
        }
        assertThat(p1.answers(sent.length))
                .containsExactly(LongStream.of(sent).boxed().toArray(Long[]::new));
        RunEvents.Result result = stop();
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.RECEIVED)).isEqualTo(6);
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.DUPLICATES)).isEqualTo(1);
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.OUT_OF_ORDER)).isEqualTo(1);
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.MISSING))
                .as("3 to 994 but 5, and 997 to 999")
                .isEqualTo(991 + 3);
        assertThat(events.total(result, "p1", Phase.MEASURED, Count.RECEIVED)).isEqualTo(2);
        assertThat(events.total(result, "p1", Phase.MEASURED, Count.DUPLICATES)).isEqualTo(1);
        assertThat(events.total(result, "p1", Phase.MEASURED, Count.OUT_OF_ORDER))
                .isEqualTo(1);
        assertThat(events.total(result, "p1", Phase.MEASURED, Count.MISSING))
                .as("1000 to 1004 but 1003")
                .isEqualTo(4);
    }

    @Test
    void what_is_no_request_of_its_producer_is_counted_as_malformed_and_not_answered() throws InterruptedException {
        FakeProducer p1 = producer("p1", 2);
        prepare(0, 1);
        run.start(clock.epochNanos());
        byte[] topic = ascii("request");
        byte[] prefix = Request.idPrefix("p1");
        p1.sendFrames(0, topic);
        p1.sendFrames(0, topic, ascii("request|seq_n=0|nonsense"));
        p1.sendFrames(0, topic, body(prefix, 0, 10), ascii("a third frame"));
        p1.sendFrames(0, topic, body(prefix, 0, 10), new byte[100_000], new byte[20_000], ascii("a fifth"));
        p1.sendFrames(0, ascii("requests"), body(prefix, 0, 10));
        p1.sendFrames(0, topic, body(Request.idPrefix("p2"), 0, 10));
        p1.sendFrames(0, topic, body(prefix, 1, 10)); // of channel 1
        p1.sendFrames(0, topic, body(prefix, 1L << 60, 10)); // beyond what any rate has in the time
        p1.send(0, 10);
        assertThat(p1.answers(1)).containsExactly(0L);
        assertThat(p1.nothingFollows(200)).isTrue();
        RunEvents.Result result = stop();
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.MALFORMED)
                        + events.total(result, "p1", Phase.MEASURED, Count.MALFORMED))
                .isEqualTo(8);
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.RECEIVED)).isEqualTo(1);
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.MISSING)).isZero();
    }

    @Test
    void messages_before_t0_are_answered_and_belong_to_the_first_interval() throws InterruptedException {
        FakeProducer p1 = producer("p1", 1);
        prepare(0, 1);
        p1.send(0, 10);
        assertThat(p1.answers(1)).containsExactly(0L);
        run.start(clock.epochNanos() + SECOND / 2);
        p1.send(1, 10);
        assertThat(p1.answers(1)).containsExactly(1L);
        RunEvents.Result result = stop();
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.RECEIVED)).isEqualTo(2);
        assertThat(result.intervals()).isEqualTo(1);
    }

    @Test
    void intervals_roll_while_nothing_arrives() throws InterruptedException {
        producer("p1", 1);
        prepare(0, 1);
        run.start(clock.epochNanos() - 5 * SECOND);
        RunEvents.Result result = stop();
        assertThat(result.intervals()).isGreaterThanOrEqualTo(6);
    }

    @Test
    void workers_work_on_as_many_messages_at_a_time_as_there_are_workers() throws InterruptedException {
        FakeProducer p1 = producer("p1", 1);
        FakeProducer p2 = producer("p2", 1);
        prepare(20_000_000, 4);
        run.start(clock.epochNanos());
        int each = 100; // more than may wait for a worker
        long begin = System.nanoTime();
        for (int seq = 0; seq < each; seq++) {
            p1.send(seq, 20_000);
            p2.send(seq, 20_000);
        }
        for (int i = 0; i < 2 * each; i++) {
            Response answer = p1.nextAnswer();
            assertThat(answer.t3Micros() - answer.t2Micros()).isGreaterThanOrEqualTo(20_000);
        }
        long tookNanos = System.nanoTime() - begin;
        assertThat(tookNanos).as("not more than 4 at a time").isGreaterThanOrEqualTo(2 * each / 4 * 20_000_000L);
        assertThat(tookNanos).as("not one at a time").isLessThan(2 * each * 20_000_000L);
        assertThat(p2.answers(each)).containsExactlyInAnyOrderElementsOf(upTo(each));
        RunEvents.Result result = stop();
        assertThat(events.total(result, "p2", Phase.WARMUP, Count.RECEIVED)).isEqualTo(each);
        assertThat(result.notes()).isEmpty();
    }

    @Test
    void stopping_takes_what_has_arrived() throws InterruptedException {
        FakeProducer p1 = producer("p1", 1);
        prepare(2_000_000, 1);
        run.start(clock.epochNanos());
        for (int seq = 0; seq < 100; seq++) {
            p1.send(seq, 10);
        }
        assertThat(p1.answers(1)).containsExactly(0L);
        RunEvents.Result result = stop();
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.RECEIVED)).isEqualTo(100);
        assertThat(p1.answers(99)).hasSize(99);
    }

    @Test
    void a_run_stopped_before_it_was_connected_finishes_with_nothing() throws InterruptedException {
        bind(0, 1);
        RunEvents.Result result = stop();
        run.connect(List.of());
        run.start(clock.epochNanos());
        assertThat(result.totals().get()).allMatch(entry -> entry.book().isEmpty());
        assertThat(events.failed).isEmpty();
    }

    @Test
    void a_taken_port_fails_the_run_once_and_names_who_asked() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Shard.Consuming shard = new Shard.Consuming("c1", List.of(), taken.getLocalPort(), 0, 1, 1000, TIMING);
            run = new ConsumerRun(shard, "127.0.0.1", clock, events);
            run.bind();
            assertThat(events.await(events.failed))
                    .isEqualTo("c1: port " + taken.getLocalPort() + " on 127.0.0.1 is in use");
            run.stop("too late");
            run.release();
            assertThat(run.awaitReleased(10_000)).isTrue();
            assertThat(events.failed).isEmpty();
            assertThat(events.finished).isEmpty();
        }
    }

    @Test
    void a_subscriber_that_does_not_read_delays_the_others_for_a_bounded_time_and_is_named() throws Exception {
        FakeProducer p1 = producer("p1", 1);
        prepare(0, 1);
        run.start(clock.epochNanos());
        long sent = 0;
        try (SilentSubscriber silent = new SilentSubscriber(answerPort)) {
            silent.awaitGreeted();
            long fits = 80_000; // beyond the kernel's buffers and the high-water mark
            for (; sent < fits; sent += 1000) {
                for (long seq = sent; seq < sent + 1000; seq++) {
                    p1.send(seq % 10_000, 0);
                }
                assertThat(p1.answers(1000)).hasSize(1000);
            }
        }
        RunEvents.Result result = stop();
        assertThat(result.notes()).singleElement().asString().contains("did not read");
    }

    @Test
    void garbage_at_the_answer_port_disturbs_nobody() throws Exception {
        FakeProducer p1 = producer("p1", 1);
        prepare(0, 1);
        run.start(clock.epochNanos());
        long seq = 0;
        for (Garbage garbage : Garbage.values()) {
            for (int i = 0; i < 20; i++) {
                garbage.throwAt(answerPort);
                p1.send(seq, 10);
                assertThat(p1.answers(1)).containsExactly(seq++);
            }
        }
        RunEvents.Result result = stop();
        assertThat(events.total(result, "p1", Phase.WARMUP, Count.RECEIVED)).isEqualTo(seq);
        assertThat(events.failed).isEmpty();
    }

    @Test
    void a_producer_that_is_not_there_is_named_when_the_wait_is_over() throws InterruptedException {
        FakeProducer p1 = producer("p1", 1);
        String answerEndpoint = bind(0, 1);
        p1.listenTo(answerEndpoint);
        Shard.Producing shard = p1.shard(TIMING, RATE);
        run.connect(List.of(
                p1.peer(shard), new Peer("ghost", shard, List.of("tcp://127.0.0.1:1"), "tcp://127.0.0.1:1", null)));
        assertThat(events.await(events.failed)).isEqualTo("waited 15 s for ghost to be connected at tcp://127.0.0.1:1");
        assertThat(events.prepared).isEmpty();
    }

    @Test
    void a_producer_that_does_not_subscribe_to_answers_is_waited_for() throws InterruptedException {
        FakeProducer p1 = producer("p1", 1);
        String answerEndpoint = bind(0, 1);
        run.connect(List.of(p1.peer(p1.shard(TIMING, RATE))));
        p1.awaitSubscribed();
        assertThat(events.prepared.poll(300, TimeUnit.MILLISECONDS)).isNull();
        p1.listenTo(answerEndpoint);
        awaitPrepared();
    }
}

package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import dev.freshet.common.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

/** The loop on a clock that only moves when it is read or slept on, and a publisher without sockets. */
class SendLoopTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long T0 = 1_700_000_000L * SECOND;

    private final Course course = new Course();
    private final RecordedEvents events = new RecordedEvents();
    private final List<String> sent = new ArrayList<>();
    private final InFlightTable inFlight = new InFlightTable(1024, 1 << 16);
    private long now = T0 - SECOND / 2;

    /** Takes a message unless the predicate says that it is full at that time. */
    private final class FakePublisher implements Publisher {
        private final LongPredicate fullAt;
        private String prepared;
        private long preparedT1Micros;

        FakePublisher(LongPredicate fullAt) {
            this.fullAt = fullAt;
        }

        @Override
        public void fill() {}

        @Override
        public void prepare(int channel, long seq, long t1Micros, int sizeBytes) {
            prepared = seq + " on " + channel;
            preparedT1Micros = t1Micros;
        }

        @Override
        public boolean offer(int channel) {
            if (fullAt.test(now - T0)) {
                return false;
            }
            sent.add(prepared + " at " + (preparedT1Micros - T0 / 1000));
            return true;
        }

        @Override
        public List<Integer> ports() {
            return List.of();
        }

        @Override
        public List<Integer> channelsWithoutSubscriber() {
            return List.of();
        }

        @Override
        public void close() {}
    }

    private Sending send(int rate, int channels, OnFull onFull, Timing timing, LongPredicate fullAt) {
        Shard.Producing shard = new Shard.Producing(
                "p1", Schedule.of(Rate.perSecond(rate)), SizeMix.single(1000), channels, 0, 0, onFull, timing);
        Pacer pacer = new Pacer(() -> now += 50, nanos -> now += nanos);
        SendLoop loop = new SendLoop(shard, Request.idPrefix("p1"), new FakePublisher(fullAt), inFlight, pacer, course);
        return loop.run(T0, new ProgressAssembler(events, List.of("p1"), 1).books(0, T0));
    }

    private long count(Phase phase, Count count) {
        return events.sum(phase).counts().get(count);
    }

    @Test
    void every_message_leaves_at_its_intended_time_on_its_channel_under_its_phase() {
        Sending sending = send(4, 3, OnFull.SKIP, new Timing(SECOND, SECOND, SECOND), at -> false);
        assertThat(sent)
                .containsExactly(
                        "0 on 0 at 0",
                        "1 on 1 at 250000",
                        "2 on 2 at 500000",
                        "3 on 0 at 750000",
                        "4 on 1 at 1000000",
                        "5 on 2 at 1250000",
                        "6 on 0 at 1500000",
                        "7 on 1 at 1750000");
        assertThat(sending.sent()).isEqualTo(8);
        assertThat(sending.firstSendNanos()).isBetween(T0, T0 + 100);
        for (Phase phase : Phase.values()) {
            Book book = events.sum(phase);
            assertThat(book.counts().get(Count.SENT)).isEqualTo(4);
            assertThat(book.counts().get(Count.SENT_BYTES)).isEqualTo(4000);
            assertThat(book.counts().get(Count.WIRE_BYTES))
                    .isEqualTo(4 * (1000 + 2 + 7 + 9 + Request.headerLength(Request.idPrefix("p1"), 1)));
            assertThat(book.histogram(Metric.LATENESS).max()).isZero();
        }
        assertThat(events.intervals).containsExactly(0, 1);
    }

    @Test
    void a_skipped_message_leaves_a_gap_and_its_answer_would_be_a_stranger() {
        send(10, 1, OnFull.SKIP, new Timing(0, SECOND, SECOND), at -> at >= SECOND / 2 && at < 7 * SECOND / 10);
        assertThat(sent).hasSize(8).noneMatch(line -> line.startsWith("5 on") || line.startsWith("6 on"));
        assertThat(count(Phase.MEASURED, Count.SKIPPED)).isEqualTo(2);
        assertThat(inFlight.answer(5)).isEqualTo(InFlightTable.Outcome.UNKNOWN);
        assertThat(inFlight.answer(7)).isEqualTo(InFlightTable.Outcome.MATCHED);
    }

    @Test
    void a_message_that_waited_for_room_is_late_from_its_intended_time_and_the_schedule_does_not_slip() {
        send(10, 1, OnFull.WAIT, new Timing(0, 2 * SECOND, SECOND), at -> at >= SECOND / 2 && at < 3 * SECOND / 2);
        assertThat(count(Phase.MEASURED, Count.SENT)).isEqualTo(20);
        assertThat(sent.get(19)).isEqualTo("19 on 0 at 1900000");
        Book book = events.sum(Phase.MEASURED);
        assertThat(book.histogram(Metric.LATENESS).max()).isBetween(999_000L, 1_001_000L);
        assertThat(book.histogram(Metric.LATENESS).valueAtPercentile(75)).isBetween(490_000L, 510_000L);
        assertThat(events.intervals).containsExactly(0, 1); // the first one was reported while the loop waited
        assertThat(inFlight.answer(5)).isEqualTo(InFlightTable.Outcome.MATCHED);
        assertThat(inFlight.matchedT1Micros()).isBetween(T0 / 1000 + 1_500_000, T0 / 1000 + 1_501_000);
    }

    @Test
    void a_stop_cancels_the_rest_without_waiting_for_it() {
        LongPredicate stopAtOneSecond = at -> {
            if (at >= SECOND) {
                course.stop("test");
            }
            return false;
        };
        send(10, 1, OnFull.SKIP, new Timing(2 * SECOND, 1_000_000 * SECOND, SECOND), stopAtOneSecond);
        assertThat(count(Phase.WARMUP, Count.SENT)).isEqualTo(11);
        assertThat(count(Phase.WARMUP, Count.CANCELLED)).isEqualTo(9);
        assertThat(count(Phase.WARMUP, Count.SCHEDULED)).isEqualTo(20);
        assertThat(count(Phase.MEASURED, Count.CANCELLED)).isEqualTo(10_000_000);
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(10_000_000);
    }

    @Test
    void an_unanswered_message_whose_place_is_taken_is_counted_as_overwritten() {
        send(2048, 1, OnFull.SKIP, new Timing(SECOND, SECOND, SECOND), at -> false);
        assertThat(count(Phase.WARMUP, Count.OVERWRITTEN)).isEqualTo(2048);
        assertThat(count(Phase.MEASURED, Count.OVERWRITTEN)).isEqualTo(1024);
    }
}

package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.run.ProgressAssembler;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.time.Timetable;
import dev.freshet.common.units.Rate;
import dev.freshet.common.wire.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The loop on a clock that only moves when it is read or slept on, and a publisher without sockets. */
class SendLoopTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long T0 = 1_700_000_000L * SECOND;

    private final List<String> notes = new ArrayList<>();
    private Course course;
    private final RecordedEvents events = new RecordedEvents();
    private final List<String> sent = new ArrayList<>();
    private final InFlightTable inFlight = new InFlightTable(1024, 1 << 16);
    private final TreeMap<Long, Runnable> happenings = new TreeMap<>(); // by nanoseconds after T0
    private long now = T0 - SECOND / 2;
    private long takingNanos; // of the publisher for a message

    private long advance(long nanos) {
        now += nanos;
        while (!happenings.isEmpty() && now - T0 >= happenings.firstKey()) {
            happenings.pollFirstEntry().getValue().run();
        }
        return now;
    }

    /** Takes a message unless the predicate says that it is full at that time. */
    private final class FakePublisher implements Publisher {
        private final LongPredicate fullAt;
        private String prepared;
        private long preparedT1Micros;

        FakePublisher(LongPredicate fullAt) {
            this.fullAt = fullAt;
        }

        @Override
        public void bind(String address, int dataPort) {}

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
            advance(takingNanos);
            return true;
        }

        @Override
        public void flush() {}

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
                "p1",
                Schedule.of(Rate.perSecond(rate)),
                SizeMix.single(1000),
                channels,
                0,
                0,
                onFull,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                timing);
        return send(shard, fullAt);
    }

    private Sending send(Shard.Producing shard, LongPredicate fullAt) {
        Pacer pacer = new Pacer(Waiting.HYBRID, () -> advance(50), this::advance);
        course = Course.of(shard);
        Publisher publisher = new FakePublisher(fullAt);
        Sender sender = new Sender(shard, Request.idPrefix("p1"), publisher, inFlight, course);
        SendLoop loop = shard.paced()
                ? new PacedLoop(shard, sender, publisher, pacer, course, notes::add)
                : new UnpacedLoop(shard.timing(), sender, publisher, pacer, course);
        return loop.run(T0, new ProgressAssembler(events, List.of("p1"), 1).books(0, T0));
    }

    /** One channel and no warm-up. */
    private static Shard.Producing shard(Rate rate, int seconds) {
        Timing timing = new Timing(0, seconds * SECOND, SECOND);
        return new Shard.Producing(
                "p1",
                Schedule.of(rate),
                SizeMix.single(1000),
                1,
                0,
                0,
                OnFull.SKIP,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                timing);
    }

    /** The rate becomes another from {@code fromSecond} on, which the loop hears {@code atNanos} after T0. */
    private Timetable change(Timetable timetable, int fromSecond, int rate, long atNanos) {
        Timetable changed = timetable.changed(fromSecond * SECOND, Schedule.of(Rate.perSecond(rate)));
        happenings.put(atNanos, () -> course.adjust(changed.last()));
        return changed;
    }

    private long sentIn(int second) {
        return sent.stream()
                .mapToLong(line -> Long.parseLong(line.replaceAll(".* at ", "")))
                .filter(micros -> micros / 1_000_000 == second)
                .count();
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
    void another_rate_holds_from_its_moment_on_to_the_message() {
        Shard.Producing shard = shard(Rate.perSecond(10), 6);
        Timetable doubled = change(Timetable.of(shard.schedule()), 2, 20, SECOND / 2);
        change(doubled, 4, 5, 5 * SECOND / 2);
        send(shard, at -> false);
        assertThat(IntStream.range(0, 6).mapToObj(this::sentIn)).containsExactly(10L, 10L, 20L, 20L, 5L, 5L);
        assertThat(sent).contains("19 on 0 at 1900000", "20 on 0 at 2000000", "21 on 0 at 2050000");
        assertThat(sent).contains("59 on 0 at 3950000", "60 on 0 at 4000000", "61 on 0 at 4200000");
        assertThat(events.sum(Phase.MEASURED).histogram(Metric.LATENESS).max()).isZero();
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(70);
        assertThat(notes).isEmpty();
        assertThat(events.intervals).containsExactly(0, 1, 2, 3, 4, 5);
    }

    @Test
    void a_producer_that_had_no_message_left_has_some_again() {
        Shard.Producing shard = shard(new Rate(1, 100), 4);
        change(Timetable.of(shard.schedule()), 3, 10, SECOND);
        send(shard, at -> false);
        assertThat(sent).hasSize(11).contains("0 on 0 at 0", "1 on 0 at 3000000");
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(11);
    }

    @Test
    void who_hears_late_of_a_higher_rate_catches_up_and_says_so() {
        Shard.Producing shard = shard(Rate.perSecond(10), 4);
        change(Timetable.of(shard.schedule()), 2, 20, 51 * SECOND / 20);
        send(shard, at -> false);
        assertThat(count(Phase.MEASURED, Count.SENT)).isEqualTo(60);
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(60);
        assertThat(sentIn(2)).isEqualTo(20);
        assertThat(sentIn(3)).isEqualTo(20);
        // number 26 was due at 2.3 s
        assertThat(events.sum(Phase.MEASURED).histogram(Metric.LATENESS).max()).isBetween(249_000L, 271_000L);
        assertThat(notes)
                .containsExactly(
                        "heard too late that its rate is 20/s from second 2 on: 6 messages went by the rate before");
    }

    @Test
    void who_hears_late_of_a_lower_rate_pauses_until_it_is_due_again() {
        Shard.Producing shard = shard(Rate.perSecond(10), 5);
        change(Timetable.of(shard.schedule()), 2, 2, 51 * SECOND / 20);
        send(shard, at -> false);
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(26);
        assertThat(count(Phase.MEASURED, Count.SENT)).isEqualTo(26);
        assertThat(sent).contains("25 on 0 at 2500000");
        assertThat(notes).hasSize(1);
    }

    @Test
    void a_stop_cancels_what_the_latest_rate_has_left() {
        Shard.Producing shard = shard(Rate.perSecond(10), 6);
        change(Timetable.of(shard.schedule()), 3, 100, 3 * SECOND / 2);
        happenings.put(3 * SECOND / 2 + 1, () -> course.stop("test"));
        send(shard, at -> false);
        assertThat(count(Phase.MEASURED, Count.SENT)).isEqualTo(15);
        assertThat(count(Phase.MEASURED, Count.CANCELLED)).isEqualTo(315);
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(330);
    }

    @Test
    void an_unanswered_message_whose_place_is_taken_is_counted_as_overwritten() {
        send(2048, 1, OnFull.SKIP, new Timing(SECOND, SECOND, SECOND), at -> false);
        assertThat(count(Phase.WARMUP, Count.OVERWRITTEN)).isEqualTo(2048);
        assertThat(count(Phase.MEASURED, Count.OVERWRITTEN)).isEqualTo(1024);
    }

    /** A publisher that takes ten messages a second, and the second half of the first second is full for as long as {@code fullUntil} says. */
    private Sending sendUnpaced(Timing timing, long fullUntil) {
        takingNanos = SECOND / 10;
        Shard.Producing shard = new Shard.Producing(
                "p1",
                null,
                SizeMix.single(1000),
                1,
                0,
                0,
                OnFull.WAIT,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                timing);
        return send(shard, at -> at >= SECOND / 2 && at < fullUntil);
    }

    @Test
    void unpaced_messages_follow_one_another_under_the_phase_of_their_t1() {
        Sending sending = sendUnpaced(new Timing(SECOND, SECOND, SECOND), 0);
        assertThat(sent).hasSize(20).startsWith("0 on 0 at 0", "1 on 0 at 100000");
        assertThat(sending.sent()).isEqualTo(20);
        assertThat(course.firstMeasured()).isEqualTo(10);
        for (Phase phase : Phase.values()) {
            assertThat(count(phase, Count.SENT)).isEqualTo(10);
            assertThat(count(phase, Count.SCHEDULED)).isEqualTo(10);
            assertThat(events.sum(phase).has(Metric.LATENESS)).isFalse();
        }
        assertThat(events.intervals).containsExactly(0, 1);
    }

    @Test
    void an_unpaced_message_that_waited_for_room_belongs_to_the_phase_in_which_it_left() {
        sendUnpaced(new Timing(SECOND, SECOND, SECOND), 3 * SECOND / 2);
        assertThat(sent).hasSize(10);
        assertThat(sent.get(5)).startsWith("5 on 0 at 1500");
        assertThat(count(Phase.WARMUP, Count.SCHEDULED)).isEqualTo(5);
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(5);
        assertThat(course.firstMeasured()).isEqualTo(5);
        assertThat(inFlight.answer(5)).isEqualTo(InFlightTable.Outcome.MATCHED);
        assertThat(inFlight.matchedT1Micros()).isBetween(T0 / 1000 + 1_500_000, T0 / 1000 + 1_501_000);
    }

    @Test
    void an_unpaced_message_for_which_there_was_no_room_in_time_was_never_scheduled() {
        sendUnpaced(new Timing(0, SECOND, SECOND), Long.MAX_VALUE);
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(5);
        assertThat(count(Phase.MEASURED, Count.SENT)).isEqualTo(5);
        assertThat(now - T0).isBetween(SECOND, SECOND + 200_000);
        assertThat(inFlight.answer(5)).isEqualTo(InFlightTable.Outcome.UNKNOWN);
    }

    @Test
    void a_stop_cancels_the_unpaced_message_that_waits_and_no_other() {
        happenings.put(3 * SECOND / 4, () -> course.stop("test"));
        sendUnpaced(new Timing(0, 1000 * SECOND, SECOND), Long.MAX_VALUE);
        assertThat(count(Phase.MEASURED, Count.SCHEDULED)).isEqualTo(6);
        assertThat(count(Phase.MEASURED, Count.SENT)).isEqualTo(5);
        assertThat(count(Phase.MEASURED, Count.CANCELLED)).isEqualTo(1);
    }
}

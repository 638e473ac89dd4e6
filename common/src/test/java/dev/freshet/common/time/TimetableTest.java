package dev.freshet.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import dev.freshet.common.units.Rate;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class TimetableTest {
    private static final long SECOND = 1_000_000_000L;

    private static Schedule perSecond(long messages) {
        return Schedule.of(Rate.perSecond(messages));
    }

    private static Schedule anySchedule(SplittableRandom random) {
        int parts = Cases.between(random, 1, 20);
        Rate ticks = new Rate(Cases.between(random, 1, 1_000_000), Cases.between(random, 1, 1000));
        return new Schedule(ticks, Cases.between(random, 0, 19) % parts, parts);
    }

    private static Timetable anyTimetable(SplittableRandom random) {
        Timetable timetable = Timetable.of(anySchedule(random));
        long second = 0;
        for (int changes = Cases.between(random, 0, 8); changes > 0; changes--) {
            second += Cases.between(random, 1, 5);
            timetable = timetable.changed(second * SECOND, anySchedule(random));
        }
        return timetable;
    }

    @Test
    void without_a_change_it_is_its_schedule() {
        Cases.forEach(200, random -> {
            Schedule schedule = anySchedule(random);
            Timetable timetable = Timetable.of(schedule);
            long index = Cases.between(random, 0, 1_000_000);
            long nanos = Cases.between(random, 0, 1_000) * SECOND;

            assertThat(timetable.nanosAt(index)).isEqualTo(schedule.nanosAt(index));
            assertThat(timetable.firstIndexAtOrAfter(nanos)).isEqualTo(schedule.firstIndexAtOrAfter(nanos));
        });
    }

    @Test
    void each_piece_is_its_schedule_from_a_start_of_its_own_on() {
        Timetable timetable =
                Timetable.of(perSecond(10)).changed(2 * SECOND, perSecond(3)).changed(4 * SECOND, perSecond(1000));

        assertThat(timetable.nanosAt(19)).isEqualTo(1_900_000_000L);
        assertThat(timetable.nanosAt(20)).isEqualTo(2_000_000_000L);
        assertThat(timetable.nanosAt(21)).isEqualTo(2_333_333_333L);
        assertThat(timetable.nanosAt(25)).isEqualTo(3_666_666_666L);
        assertThat(timetable.nanosAt(26)).isEqualTo(4_000_000_000L);
        assertThat(timetable.nanosAt(27)).isEqualTo(4_001_000_000L);
        assertThat(timetable.last()).isEqualTo(new Timetable.Piece(26, 4 * SECOND, perSecond(1000)));
    }

    @Test
    void it_never_runs_backwards_and_counts_what_lies_before_a_time() {
        Cases.forEach(300, random -> {
            Timetable timetable = anyTimetable(random);
            long nanos = Cases.between(random, 0, 50_000) * (SECOND / 1000);

            long index = timetable.firstIndexAtOrAfter(nanos);

            assertThat(timetable.nanosAt(index)).isGreaterThanOrEqualTo(nanos);
            for (long before = Math.max(0, index - 50); before < index; before++) {
                assertThat(timetable.nanosAt(before))
                        .isLessThan(nanos)
                        .isLessThanOrEqualTo(timetable.nanosAt(before + 1));
            }
        });
    }

    @Test
    void messages_before_a_change_stay_where_they_were() {
        Cases.forEach(300, random -> {
            Timetable before = anyTimetable(random);
            long nanos = before.last().fromNanos() + Cases.between(random, 1, 5) * SECOND;

            Timetable after = before.changed(nanos, anySchedule(random));

            long first = after.last().fromIndex();
            assertThat(first).isEqualTo(before.firstIndexAtOrAfter(nanos));
            LongStream.range(Math.max(0, first - 100), first)
                    .forEach(index -> assertThat(after.nanosAt(index)).isEqualTo(before.nanosAt(index)));
            assertThat(after.nanosAt(first)).isGreaterThanOrEqualTo(nanos);
        });
    }

    @Test
    void each_second_has_as_many_messages_as_its_own_rate_says() {
        Cases.forEach(300, random -> {
            Timetable timetable = Timetable.of(perSecond(7));
            long[] rates = new long[30];
            Arrays.fill(rates, 7);
            for (int second = Cases.between(random, 1, 9); second < 30; second += Cases.between(random, 1, 9)) {
                int rate = Cases.between(random, 1, 1_000_000);
                timetable = timetable.changed(second * SECOND, perSecond(rate));
                Arrays.fill(rates, second, 30, rate);
            }
            for (int second = 0; second < 30; second++) {
                long messages = timetable.firstIndexAtOrAfter((second + 1) * SECOND)
                        - timetable.firstIndexAtOrAfter(second * SECOND);
                assertThat(messages).as("second %d", second).isEqualTo(rates[second]);
            }
        });
    }

    @Test
    void a_change_of_ten_million_a_second_after_days_is_still_exact() {
        long day = 86_400 * SECOND;
        Timetable timetable = Timetable.of(perSecond(3_000_000));
        for (int second = 1; second <= 5000; second++) {
            timetable =
                    timetable.changed(30 * day + second * SECOND, perSecond(second % 2 == 0 ? 3_000_000 : 10_000_000));
        }
        long end = 30 * day + 5001 * SECOND;
        assertThat(timetable.firstIndexAtOrAfter(end))
                .isEqualTo(3_000_000L * (30 * 86_400 + 1) + 2500L * 10_000_000 + 2500L * 3_000_000);
        assertThat(timetable.nanosAt(timetable.firstIndexAtOrAfter(end))).isEqualTo(end);
    }

    @Test
    void a_change_replaces_what_was_said_of_later_moments() {
        Timetable once = Timetable.of(perSecond(10)).changed(2 * SECOND, perSecond(20));

        Timetable again = once.changed(5 * SECOND, perSecond(1)).changed(2 * SECOND, perSecond(30));

        assertThat(again.pieces())
                .containsExactly(
                        new Timetable.Piece(0, 0, perSecond(10)), new Timetable.Piece(20, 2 * SECOND, perSecond(30)));
    }

    @Test
    void a_piece_that_does_not_go_on_where_the_one_before_ends_is_refused() {
        Timetable timetable = Timetable.of(perSecond(10));

        assertThat(timetable.with(new Timetable.Piece(20, 2 * SECOND, perSecond(5))))
                .extracting(changed -> changed.nanosAt(21))
                .isEqualTo(2_200_000_000L);
        assertThatThrownBy(() -> timetable.with(new Timetable.Piece(30, 2 * SECOND, perSecond(5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("message 30")
                .hasMessageContaining("message 20")
                .hasMessageContaining("missed");
    }
}

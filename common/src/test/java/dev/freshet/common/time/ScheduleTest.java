package dev.freshet.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.units.Rate;
import java.math.BigInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {
    private static final long DAY_NANOS = 86_400_000_000_000L;

    /** floor((firstTick + index * ticksPerMessage) / tickRate seconds), in numbers without a size. */
    private static BigInteger exactNanos(Schedule schedule, long index) {
        return BigInteger.valueOf(index)
                .multiply(BigInteger.valueOf(schedule.ticksPerMessage()))
                .add(BigInteger.valueOf(schedule.firstTick()))
                .multiply(BigInteger.valueOf(schedule.tickRate().denominator()))
                .multiply(BigInteger.valueOf(1_000_000_000L))
                .divide(BigInteger.valueOf(schedule.tickRate().numerator()));
    }

    @ParameterizedTest
    @CsvSource({
        "333333.333/s, 1000000000000000",
        "10M/s,        1000000000000000",
        "1001/s,       1000000000000",
        "3M/s,         1000000000000000",
        "2147483647/s, 1000000000000000",
        "0.001/s,      9000000",
        "0.5/s,        4000000000",
        "7/s,          60000000000"
    })
    void every_time_is_the_exact_one_rounded_down(String rate, long last) {
        Schedule schedule = Schedule.of(Rate.parse("--rate", rate));
        for (long index = 0; index < last - 1; index = index * 3 + 1) {
            assertThat(schedule.nanosAt(index))
                    .isEqualTo(exactNanos(schedule, index).longValueExact());
        }
        assertThat(schedule.nanosAt(last)).isEqualTo(exactNanos(schedule, last).longValueExact());
    }

    @Provide
    Arbitrary<Schedule> schedules() {
        Arbitrary<Long> terms = Arbitraries.longs().between(1, Integer.MAX_VALUE);
        Arbitrary<Rate> rates = Combinators.combine(terms, terms).as(Rate::new).filter(rate -> rate.hertz() > 1e-3);
        Arbitrary<Integer> parts = Arbitraries.integers().between(1, 1000);
        return Combinators.combine(rates, parts, Arbitraries.integers().between(0, 999))
                .as((rate, n, i) -> new Schedule(rate, i % n, n));
    }

    @Property
    void any_rational_rate_is_exact_and_never_runs_backwards(
            @ForAll("schedules") Schedule schedule, @ForAll @LongRange(min = 0, max = 1_000_000_000L) long index) {
        BigInteger exact = exactNanos(schedule, index);
        if (exact.bitLength() < 63) {
            assertThat(schedule.nanosAt(index)).isEqualTo(exact.longValueExact());
        }
        assertThat(schedule.nanosAt(index % 1_000_000 + 1)).isGreaterThanOrEqualTo(schedule.nanosAt(index % 1_000_000));
    }

    @Property
    void the_first_index_at_or_after_a_time_is_the_inverse(
            @ForAll("schedules") Schedule schedule, @ForAll @LongRange(min = 0, max = 30 * DAY_NANOS) long nanos) {
        long index = schedule.firstIndexAtOrAfter(nanos);

        assertThat(schedule.nanosAt(index)).isGreaterThanOrEqualTo(nanos);
        if (index > 0) {
            assertThat(schedule.nanosAt(index - 1)).isLessThan(nanos);
        }
    }

    @Example
    void at_three_million_a_second_an_hour_is_an_hour() {
        Schedule schedule = Schedule.of(Rate.parse("--rate", "3M/s"));

        assertThat(schedule.nanosAt(3_000_000L * 3600)).isEqualTo(3_600_000_000_000L);
    }

    @Example
    void nothing_comes_before_the_first_tick_or_with_no_ticks_between() {
        Rate rate = Rate.perSecond(1);

        assertThatThrownBy(() -> new Schedule(rate, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Schedule(rate, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void a_schedule_knows_its_own_rate(@ForAll @LongRange(min = 1, max = 1_000_000) long perSecond) {
        Schedule everyFourth = new Schedule(Rate.perSecond(perSecond), 3, 4);

        assertThat(everyFourth.rate()).isEqualTo(new Rate(perSecond, 4));
    }
}

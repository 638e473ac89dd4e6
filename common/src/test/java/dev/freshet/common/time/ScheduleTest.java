package dev.freshet.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import dev.freshet.common.units.Rate;
import java.math.BigInteger;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
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

    private static Schedule schedule(SplittableRandom random) {
        Rate rate;
        do {
            rate = new Rate(Cases.between(random, 1, Integer.MAX_VALUE), Cases.between(random, 1, Integer.MAX_VALUE));
        } while (rate.hertz() <= 1e-3);
        int parts = Cases.between(random, 1, 1000);
        return new Schedule(rate, Cases.between(random, 0, 999) % parts, parts);
    }

    @Test
    void any_rational_rate_is_exact_and_never_runs_backwards() {
        Cases.forEach(1000, random -> {
            Schedule schedule = schedule(random);
            long index = Cases.between(random, 0, 1_000_000_000);

            BigInteger exact = exactNanos(schedule, index);
            if (exact.bitLength() <= 63) {
                assertThat(schedule.nanosAt(index)).isEqualTo(exact.longValueExact());
            }
            long next = index % 1_000_000 + 1;
            // beyond 292 years no time fits
            if (exactNanos(schedule, next).bitLength() <= 63) {
                assertThat(schedule.nanosAt(next)).isGreaterThanOrEqualTo(schedule.nanosAt(next - 1));
            }
        });
    }

    @Test
    void the_first_index_at_or_after_a_time_is_the_inverse() {
        Cases.forEach(1000, random -> {
            Schedule schedule = schedule(random);
            long nanos = Cases.between(random, 0, 30 * DAY_NANOS);

            long index = schedule.firstIndexAtOrAfter(nanos);

            assertThat(schedule.nanosAt(index)).isGreaterThanOrEqualTo(nanos);
            if (index > 0) {
                assertThat(schedule.nanosAt(index - 1)).isLessThan(nanos);
            }
        });
    }

    @Test
    void at_three_million_a_second_an_hour_is_an_hour() {
        Schedule schedule = Schedule.of(Rate.parse("--rate", "3M/s"));

        assertThat(schedule.nanosAt(3_000_000L * 3600)).isEqualTo(3_600_000_000_000L);
    }

    @Test
    void nothing_comes_before_the_first_tick_or_with_no_ticks_between() {
        Rate rate = Rate.perSecond(1);

        assertThatThrownBy(() -> new Schedule(rate, -1, 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Schedule(rate, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_schedule_knows_its_own_rate() {
        Cases.forEach(1000, random -> {
            long perSecond = Cases.between(random, 1, 1_000_000);

            Schedule everyFourth = new Schedule(Rate.perSecond(perSecond), 3, 4);

            assertThat(everyFourth.rate()).isEqualTo(new Rate(perSecond, 4));
        });
    }
}

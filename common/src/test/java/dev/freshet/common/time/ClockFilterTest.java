package dev.freshet.common.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClockFilterTest {
    private static final long EPOCH = 1_767_225_600_000_000_000L;
    private static final long SECOND = 1_000_000_000L;

    /** An agent's clock that is {@code offset} ahead at the epoch of the test and gains {@code ppm}. */
    private record AgentClock(long offsetNanos, double ppm) {
        double offsetAt(long trueNanos) {
            return offsetNanos + (trueNanos - EPOCH) * ppm * 1e-6;
        }

        long at(long trueNanos) {
            return trueNanos + Math.round(offsetAt(trueNanos));
        }
    }

    private static long exchange(
            ClockFilter filter, AgentClock clock, long t1, long thereNanos, long busyNanos, long backNanos) {
        long received = t1 + thereNanos;
        long answered = received + busyNanos;
        long t4 = answered + backNanos;
        filter.add(new FourTimestamps(t1, clock.at(received), clock.at(answered), t4));
        return t4;
    }

    @Test
    void nothing_is_known_before_the_first_exchange() {
        assertThat(new ClockFilter().estimate()).isNull();
    }

    @Test
    void a_symmetric_path_gives_the_offset_itself() {
        ClockFilter filter = new ClockFilter();

        exchange(filter, new AgentClock(-7_000_000, 0), EPOCH, 50_000, 10_000, 50_000);

        assertThat(filter.estimate().offsetNanos()).isEqualTo(-7_000_000);
        assertThat(filter.estimate().errorNanos()).isEqualTo(50_000);
        assertThat(filter.estimate().driftPpm()).isNull();
        assertThat(filter.estimate().exchanges()).isEqualTo(1);
    }

    @Test
    void the_narrowest_round_trip_wins_over_later_ones() {
        ClockFilter filter = new ClockFilter();
        AgentClock clock = new AgentClock(3_000_000, 0);
        exchange(filter, clock, EPOCH, 900_000, 0, 100_000);
        exchange(filter, clock, EPOCH + 1_000_000, 10_000, 0, 12_000);
        exchange(filter, clock, EPOCH + 2_000_000, 100_000, 0, 900_000);

        assertThat(filter.estimate().offsetNanos()).isCloseTo(3_000_000, within(1_000.0));
        assertThat(filter.estimate().errorNanos()).isCloseTo(11_000, within(200.0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 20, -45, 99, -99})
    void the_true_offset_always_lies_within_the_error_bound(double ppm) {
        long seed = 20260104;
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 50; round++) {
            AgentClock clock = new AgentClock(random.nextLong(-SECOND, SECOND), ppm);
            ClockFilter filter = new ClockFilter();
            long t1 = EPOCH;
            for (int i = 0; i < 200; i++) {
                long there = 20_000 + random.nextLong(random.nextInt(10) == 0 ? 50_000_000 : 400_000);
                long back = 20_000 + random.nextLong(random.nextInt(10) == 0 ? 50_000_000 : 400_000);
                long t4 = exchange(filter, clock, t1, there, random.nextLong(50_000), back);

                ClockFilter.Estimate estimate = filter.estimate();
                double away = Math.abs(estimate.offsetNanos() - clock.offsetAt(t4));
                assertThat(away)
                        .as("seed %d, round %d, exchange %d", seed, round, i)
                        .isLessThanOrEqualTo(estimate.errorNanos() + there * 1e-4 + 2);
                t1 += i < 20 ? 10_000_000 : SECOND;
            }
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {50, -50})
    void drift_has_the_clock_s_sign_and_size(double ppm) {
        ClockFilter filter = new ClockFilter();
        AgentClock clock = new AgentClock(123_456_789, ppm);
        SplittableRandom random = new SplittableRandom(5);
        for (int i = 0; i <= 60; i++) {
            long jitter = random.nextLong(100_000);
            exchange(filter, clock, EPOCH + i * SECOND, 30_000 + jitter, 5_000, 30_000);
        }

        assertThat(filter.estimate().driftPpm()).isCloseTo(ppm, within(5.0));
    }

    @Test
    void drift_is_not_known_before_ten_seconds_have_passed() {
        ClockFilter filter = new ClockFilter();
        AgentClock clock = new AgentClock(0, 50);
        for (int i = 0; i < 10; i++) {
            exchange(filter, clock, EPOCH + i * SECOND, 30_000, 5_000, 30_000);
        }

        assertThat(filter.estimate().driftPpm()).isNull();
    }

    @Test
    void what_no_clocks_can_produce_is_counted_and_left_out() {
        ClockFilter filter = new ClockFilter();
        filter.add(
                new FourTimestamps(EPOCH, EPOCH + 10, EPOCH + 1_000, EPOCH + 500)); // busy longer than the round trip
        assertThat(filter.estimate()).isNull();
        exchange(filter, new AgentClock(42, 0), EPOCH, 100, 10, 100);
        filter.add(new FourTimestamps(EPOCH, EPOCH + 10, EPOCH + 5, EPOCH + 20)); // answered before it was received

        ClockFilter.Estimate estimate = filter.estimate();

        assertThat(estimate.impossible()).isEqualTo(2);
        assertThat(estimate.exchanges()).isEqualTo(1);
        assertThat(estimate.offsetNanos()).isEqualTo(42);
    }
}

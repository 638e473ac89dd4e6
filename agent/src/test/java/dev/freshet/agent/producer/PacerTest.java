package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.Waiting;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long OVERSLEPT_NANOS = 50_000;

    private long now = 1_000_000_000L;
    private final List<Long> parked = new ArrayList<>();
    private final Pacer pacer = pacer(Waiting.HYBRID);

    private Pacer pacer(Waiting waiting) {
        return new Pacer(
                waiting,
                () -> now += 30, // what reading the clock costs
                nanos -> {
                    parked.add(nanos);
                    now += nanos + OVERSLEPT_NANOS;
                });
    }

    private long waitUntil(long target, long wake) {
        return waitUntil(pacer, target, wake);
    }

    private static long waitUntil(Pacer pacer, long target, long wake) {
        long at = pacer.towards(target, wake);
        while (at < target) {
            at = pacer.towards(target, wake);
        }
        return at;
    }

    @Test
    void a_moment_that_has_passed_is_not_waited_for() {
        assertThat(pacer.towards(now - 5, Long.MAX_VALUE)).isEqualTo(now);
        assertThat(parked).isEmpty();
    }

    @Test
    void parking_ends_60_microseconds_before_so_that_oversleeping_does_not_make_it_late() {
        long target = now + 4_000_000;
        assertThat(waitUntil(target, Long.MAX_VALUE)).isBetween(target, target + 100);
        assertThat(parked).hasSize(1);
        assertThat(parked.get(0)).isBetween(3_939_000L, 3_940_000L);
    }

    @Test
    void the_last_60_microseconds_are_not_slept() {
        long target = now + 59_000;
        assertThat(waitUntil(target, Long.MAX_VALUE)).isBetween(target, target + 100);
        assertThat(parked).isEmpty();
    }

    @Test
    void a_long_wait_comes_in_slices() {
        long target = now + 1_000_000_000L;
        long at = pacer.towards(target, Long.MAX_VALUE);
        assertThat(at).isLessThan(target);
        assertThat(parked).containsExactly(Pacer.SLICE_NANOS);
    }

    @Test
    void a_wait_is_not_slept_past_other_business() {
        pacer.towards(now + 10_000_000, now + 2_000_000);
        assertThat(parked).hasSize(1);
        assertThat(parked.get(0)).isLessThanOrEqualTo(2_000_000);
    }

    @Test
    void who_is_to_sleep_never_spins_and_oversleeps() {
        long target = now + 4_000_000;
        assertThat(waitUntil(pacer(Waiting.SLEEP), target, Long.MAX_VALUE))
                .isBetween(target + OVERSLEPT_NANOS - 100, target + OVERSLEPT_NANOS + 100);
        assertThat(parked).hasSize(1);
    }

    @Test
    void who_is_to_spin_never_sleeps_and_looks_up_as_often() {
        Pacer spinning = pacer(Waiting.SPIN);
        long began = now;
        assertThat(spinning.towards(began + 1_000_000_000L, Long.MAX_VALUE))
                .isBetween(began + Pacer.SLICE_NANOS, began + Pacer.SLICE_NANOS + 200);
        assertThat(spinning.towards(now + 10_000_000, now + 2_000_000))
                .isLessThan(began + Pacer.SLICE_NANOS + 2_001_000);
        long target = now + 4_000_000;
        assertThat(waitUntil(spinning, target, Long.MAX_VALUE)).isBetween(target, target + 100);
        assertThat(spinning.rest(50_000)).isBetween(target + 50_000, target + 50_300);
        assertThat(parked).isEmpty();
    }
}

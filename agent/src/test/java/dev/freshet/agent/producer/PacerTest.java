package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacerTest {
    private static final long OVERSLEPT_NANOS = 80_000;

    private long now = 1_000_000_000L;
    private final List<Long> parked = new ArrayList<>();
    private final Pacer pacer = new Pacer(
            () -> now += 30, // what reading the clock costs
            nanos -> {
                parked.add(nanos);
                now += nanos + OVERSLEPT_NANOS;
            });

    private long waitUntil(long target, long wake) {
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
    void parking_ends_100_microseconds_before_so_that_oversleeping_does_not_make_it_late() {
        long target = now + 4_000_000;
        assertThat(waitUntil(target, Long.MAX_VALUE)).isBetween(target, target + 100);
        assertThat(parked).hasSize(1);
        assertThat(parked.get(0)).isBetween(3_899_000L, 3_900_000L);
    }

    @Test
    void the_last_100_microseconds_are_not_slept() {
        long target = now + 99_000;
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
}

package dev.freshet.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.Test;

class EpochClockTest {
    @Test
    void time_never_runs_backwards() {
        EpochClock clock = EpochClock.anchored();
        long last = clock.epochNanos();
        for (int i = 0; i < 100_000; i++) {
            long now = clock.epochNanos();
            assertThat(now).isGreaterThanOrEqualTo(last);
            last = now;
        }
    }

    @Test
    void it_tells_the_time_of_the_wall() {
        EpochClock clock = EpochClock.anchored();

        long before = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        long micros = clock.epochMicros();
        long after = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

        // a wall clock that is being slewed may move by a little between anchor and reading
        assertThat(micros).isBetween(before - 10_000, after + 10_000);
        assertThat(clock.epochNanos() / 1_000_000_000_000L).isEqualTo(micros / 1_000_000_000L);
        assertThat(Math.abs(clock.wallMinusAnchoredNanos())).isLessThan(1_000_000_000L);
        assertThat(clock.anchorErrorNanos()).isPositive().isLessThan(100_000_000L);
    }
}

package dev.freshet.coordinator.intervals;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.measure.SignedHistogram;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HeatTest {
    private static SignedHistogram timed(long... micros) {
        SignedHistogram timed = new SignedHistogram();
        for (long value : micros) {
            timed.record(value);
        }
        return timed;
    }

    @Test
    void a_value_lies_in_the_bucket_whose_bounds_hold_it() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < 10_000; i++) {
            long micros = (long) Math.pow(10, 7.99 * random.nextDouble());
            int bucket = Heat.bucket(micros);
            assertThat((double) micros)
                    .isGreaterThanOrEqualTo(Math.pow(10, bucket / 8.0))
                    .isLessThan(Math.pow(10, (bucket + 1) / 8.0));
        }
    }

    @Test
    void a_power_of_ten_begins_a_bucket() {
        assertThat(Heat.of(timed(9, 10, 999, 1000, 9999, 10_000)).buckets())
                .containsExactly(7L, 1L, 8L, 1L, 23L, 1L, 24L, 1L, 31L, 1L, 32L, 1L);
    }

    @Test
    void what_lies_beyond_either_end_is_in_the_first_or_last_bucket() {
        assertThat(Heat.of(timed(-1_000_000, -1, 0, 1, SignedHistogram.LIMIT_MICROS))
                        .buckets())
                .containsExactly(0L, 4L, 63L, 1L);
    }

    @Test
    void equal_and_like_values_are_counted_together() {
        assertThat(Heat.of(timed(200, 200, 201, 5_000)).buckets()).containsExactly(18L, 3L, 29L, 1L);
    }

    @Test
    void where_nothing_was_timed_there_is_no_heat() {
        assertThat(Heat.of(new SignedHistogram())).isEqualTo(new Heat(List.of()));
    }
}

package dev.freshet.common.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.common.Cases;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SignedHistogramTest {
    private static final double[] PERCENTILES = {0, 1, 10, 25, 50, 70, 75, 90, 99, 99.9, 99.99, 100};

    private static List<Long> values(SplittableRandom random) {
        return Stream.generate(() -> value(random))
                .limit(Cases.between(random, 1, 400))
                .toList();
    }

    private static long value(SplittableRandom random) {
        return switch (random.nextInt(3)) {
            case 0 -> Cases.between(random, -50, 50);
            case 1 -> Cases.between(random, -2_000_000, 20_000_000);
            default -> Cases.between(random, -SignedHistogram.LIMIT_MICROS, SignedHistogram.LIMIT_MICROS);
        };
    }

    private static SignedHistogram of(List<Long> values) {
        SignedHistogram histogram = new SignedHistogram();
        values.forEach(value -> assertThat(histogram.record(value)).isTrue());
        return histogram;
    }

    @Test
    void percentiles_are_those_of_the_sorted_values_within_three_digits() {
        Cases.forEach(1000, random -> {
            List<Long> values = values(random);

            SignedHistogram histogram = of(values);
            long[] sorted = values.stream().mapToLong(Long::longValue).sorted().toArray();

            for (double percentile : PERCENTILES) {
                // the smallest value that so many percent do not exceed
                int rank = Math.max(1, (int) Math.ceil(percentile / 100 * sorted.length - 1e-9));
                assertNear(histogram.valueAtPercentile(percentile), sorted[rank - 1], percentile);
            }
            assertNear(histogram.min(), sorted[0], 0);
            assertNear(histogram.max(), sorted[sorted.length - 1], 100);
            double mean = Arrays.stream(sorted).average().orElseThrow();
            double magnitude = Arrays.stream(sorted).map(Math::abs).average().orElseThrow();
            assertThat(histogram.mean()).isCloseTo(mean, within(magnitude / 1000 + 1e-6));
            assertThat(histogram.count()).isEqualTo(sorted.length);
            assertThat(histogram.negativeCount())
                    .isEqualTo(Arrays.stream(sorted).filter(v -> v < 0).count());
        });
    }

    private static void assertNear(long actual, long expected, double percentile) {
        assertThat((double) actual)
                .as("percentile %s", percentile)
                .isCloseTo(expected, within(Math.abs(expected) / 1000.0));
    }

    @Test
    void percentiles_never_fall_and_lie_between_the_ends() {
        Cases.forEach(1000, random -> {
            List<Long> values = values(random);

            SignedHistogram histogram = of(values);
            long last = histogram.min();
            for (double percentile : PERCENTILES) {
                long value = histogram.valueAtPercentile(percentile);
                assertThat(value).isGreaterThanOrEqualTo(last);
                last = value;
            }
            assertThat(histogram.max()).isGreaterThanOrEqualTo(last);
        });
    }

    @Test
    void adding_is_the_same_as_recording_everything_in_one() {
        Cases.forEach(1000, random -> {
            List<Long> a = values(random);
            List<Long> b = values(random);

            SignedHistogram sum = of(a);
            sum.add(of(b));
            SignedHistogram other = of(b);
            other.add(of(a));
            SignedHistogram whole = of(a);
            b.forEach(whole::record);

            for (SignedHistogram histogram : List.of(sum, other)) {
                assertThat(histogram.positive()).isEqualTo(whole.positive());
                assertThat(histogram.negative()).isEqualTo(whole.negative());
            }
            sum.add(new SignedHistogram());
            assertThat(sum.positive()).isEqualTo(whole.positive());
            assertThat(sum.negative()).isEqualTo(whole.negative());
        });
    }

    @Test
    void without_values_everything_is_zero() {
        SignedHistogram empty = new SignedHistogram();

        assertThat(LongStream.of(empty.count(), empty.min(), empty.max(), empty.valueAtPercentile(99)))
                .containsOnly(0L);
        assertThat(empty.mean()).isZero();
        assertThat(empty.negative()).isNull();
    }

    @Test
    void with_negative_values_only_the_largest_is_the_one_nearest_to_zero() {
        SignedHistogram histogram = of(List.of(-30L, -10L, -20L));

        assertThat(histogram.min()).isEqualTo(-30);
        assertThat(histogram.valueAtPercentile(50)).isEqualTo(-20);
        assertThat(histogram.max()).isEqualTo(-10);
        assertThat(histogram.mean()).isEqualTo(-20);
    }

    @Test
    void a_value_beyond_an_hour_is_refused_on_either_side() {
        SignedHistogram histogram = new SignedHistogram();

        assertThat(histogram.record(SignedHistogram.LIMIT_MICROS)).isTrue();
        assertThat(histogram.record(-SignedHistogram.LIMIT_MICROS)).isTrue();
        assertThat(histogram.record(SignedHistogram.LIMIT_MICROS + 1)).isFalse();
        assertThat(histogram.record(-SignedHistogram.LIMIT_MICROS - 1)).isFalse();
        assertThat(histogram.record(Long.MIN_VALUE)).isFalse();
        assertThat(histogram.record(Long.MAX_VALUE)).isFalse();
        assertThat(histogram.count()).isEqualTo(2);
    }

    @Test
    void a_cleared_one_is_empty_and_can_be_used_again() {
        SignedHistogram histogram = of(List.of(-5L, 5L));

        histogram.clear();
        assertThat(histogram.count()).isZero();
        assertThat(histogram.negative()).isNull();

        histogram.record(7);
        assertThat(histogram.min()).isEqualTo(7);
        assertThat(histogram.max()).isEqualTo(7);
    }
}

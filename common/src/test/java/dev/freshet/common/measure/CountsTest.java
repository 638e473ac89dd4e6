package dev.freshet.common.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.common.Cases;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class CountsTest {
    private static Counts counts(SplittableRandom random) {
        Counts counts = new Counts();
        for (Count count : Count.values()) {
            counts.set(count, Cases.between(random, 0, 1L << 50));
        }
        return counts;
    }

    @Test
    void adding_is_associative_and_commutative_with_nothing_as_identity() {
        Cases.forEach(1000, random -> {
            Counts a = counts(random);
            Counts b = counts(random);
            Counts c = counts(random);

            assertThat(a.plus(b)).isEqualTo(b.plus(a)).hasSameHashCodeAs(b.plus(a));
            assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
            assertThat(a.plus(new Counts())).isEqualTo(a);
        });
    }

    @Test
    void a_sum_or_copy_leaves_what_it_came_from_alone() {
        Cases.forEach(1000, random -> {
            Counts a = counts(random);
            Counts b = counts(random);

            Counts before = a.copy();

            a.plus(b).increment(Count.SENT);
            a.copy().clear();

            assertThat(a).isEqualTo(before);
        });
    }

    @Test
    void json_reads_back() {
        Cases.forEach(1000, random -> {
            Counts counts = counts(random);

            ObjectMapper json = new ObjectMapper();

            assertThat(json.readValue(json.writeValueAsBytes(counts), Counts.class))
                    .isEqualTo(counts);
        });
    }

    @Test
    void json_leaves_zeros_out_and_unknown_counts_are_passed_over() throws Exception {
        Counts counts = new Counts();
        counts.add(Count.SENT_BYTES, 5);
        counts.increment(Count.SENT);
        ObjectMapper json = new ObjectMapper();

        assertThat(json.writeValueAsString(counts)).isEqualTo("{\"sent\":1,\"sent_bytes\":5}");
        assertThat(json.readValue("{\"sent\":1,\"sent_bytes\":5,\"newer\":9}", Counts.class))
                .isEqualTo(counts);
        assertThat(counts.isZero()).isFalse();
        counts.clear();
        assertThat(counts.isZero()).isTrue();
        assertThat(counts).hasToString("{}");
    }

    @Test
    void every_name_is_found_again() {
        for (Count count : Count.values()) {
            assertThat(Count.named(count.toString())).isEqualTo(count);
        }
        for (Metric metric : Metric.values()) {
            assertThat(Metric.named(metric.toString())).isEqualTo(metric);
        }
        assertThat(Count.named("SENT")).isNull();
        assertThat(Metric.named("speed")).isNull();
    }
}

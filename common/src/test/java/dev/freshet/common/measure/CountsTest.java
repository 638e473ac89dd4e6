package dev.freshet.common.measure;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CountsTest {
    @Provide
    Arbitrary<Counts> counts() {
        return Arbitraries.longs()
                .between(0, 1L << 50)
                .list()
                .ofSize(Count.values().length)
                .map(CountsTest::of);
    }

    private static Counts of(List<Long> values) {
        Counts counts = new Counts();
        for (Count count : Count.values()) {
            counts.set(count, values.get(count.ordinal()));
        }
        return counts;
    }

    @Property
    void adding_is_associative_and_commutative_with_nothing_as_identity(
            @ForAll("counts") Counts a, @ForAll("counts") Counts b, @ForAll("counts") Counts c) {
        assertThat(a.plus(b)).isEqualTo(b.plus(a)).hasSameHashCodeAs(b.plus(a));
        assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
        assertThat(a.plus(new Counts())).isEqualTo(a);
    }

    @Property
    void a_sum_or_copy_leaves_what_it_came_from_alone(@ForAll("counts") Counts a, @ForAll("counts") Counts b) {
        Counts before = a.copy();

        a.plus(b).increment(Count.SENT);
        a.copy().clear();

        assertThat(a).isEqualTo(before);
    }

    @Property
    void json_reads_back(@ForAll("counts") Counts counts) throws Exception {
        ObjectMapper json = new ObjectMapper();

        assertThat(json.readValue(json.writeValueAsBytes(counts), Counts.class)).isEqualTo(counts);
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

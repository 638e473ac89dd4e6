package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import dev.freshet.common.InputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizeMixTest {
    @Test
    void sizes_come_as_often_as_their_weights_say() {
        SizeMix mix = SizeMix.parse("--size", "100:1,200:2,300:7").withSeed(42);
        int n = 100_000;
        int[] seen = new int[4];
        for (int i = 0; i < n; i++) {
            seen[mix.sizeBytesAt(i) / 100]++;
        }

        // five standard deviations of a binomial draw
        assertThat(seen[1] / (double) n).isBetween(0.1 - 0.005, 0.1 + 0.005);
        assertThat(seen[2] / (double) n).isBetween(0.2 - 0.0065, 0.2 + 0.0065);
        assertThat(seen[3] / (double) n).isBetween(0.7 - 0.0075, 0.7 + 0.0075);
        assertThat(mix.meanSizeBytes()).isEqualTo(260);
        assertThat(mix.maxSizeBytes()).isEqualTo(300);
    }

    @Test
    void a_size_depends_on_seed_and_index_alone() {
        Cases.forEach(1000, random -> {
            long seed = Cases.between(random, Long.MIN_VALUE, Long.MAX_VALUE);
            long index = Cases.between(random, 0, Long.MAX_VALUE);

            SizeMix mix = SizeMix.parse("--size", "1:1,2:1,3:1");

            assertThat(mix.withSeed(seed).sizeBytesAt(index))
                    .isEqualTo(mix.withSeed(seed).sizeBytesAt(index))
                    .isBetween(1, 3);
        });
    }

    @Test
    void seeds_choose_different_sequences() {
        SizeMix mix = SizeMix.parse("--size", "1:1,2:1");
        int differences = 0;
        for (int i = 0; i < 1000; i++) {
            differences += mix.withSeed(1).sizeBytesAt(i) == mix.withSeed(2).sizeBytesAt(i) ? 0 : 1;
        }
        assertThat(differences).isBetween(400, 600);
    }

    @Test
    void one_size_is_that_size_always() {
        SizeMix one = SizeMix.parse("--size", "1MiB");

        assertThat(one).isEqualTo(SizeMix.single(1 << 20));
        assertThat(one.sizeBytesAt(Long.MAX_VALUE)).isEqualTo(1 << 20);
        assertThat(one).hasToString("1MiB");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"1MiB", "0B", "64MiB", "16KiB:3,1MiB:1", "100B:1000000,100B:1"})
    void what_is_written_reads_back(String text) {
        assertThat(SizeMix.parse("--size", text)).hasToString(text);
        assertThat(SizeMix.parse("--size", SizeMix.parse("--size", text).toString()))
                .isEqualTo(SizeMix.parse("--size", text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "10XB; --size: '10XB' is not a size (examples: 100B, 16KiB, 1MiB, 1.5MB)",
                "65MiB; --size: '65MiB' is above the largest payload, 64MiB",
                "1KiB:0; --size: '0' is not a weight (a whole number from 1 to 1000000)",
                "1KiB:x,2KiB:1; --size: 'x' is not a weight (a whole number from 1 to 1000000)",
                "1KiB,; --size: '' is not a size (examples: 100B, 16KiB, 1MiB, 1.5MB)"
            })
    void what_is_no_mix_is_refused_in_one_line(String text, String message) {
        assertThatThrownBy(() -> SizeMix.parse("--size", text))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Test
    void a_mix_of_nothing_or_out_of_range_cannot_be_made() {
        assertThatThrownBy(() -> new SizeMix(List.of(), 0)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> SizeMix.single(-1)).isInstanceOf(InputException.class);
        assertThatThrownBy(() -> new SizeMix.Entry(1, 0)).isInstanceOf(InputException.class);
    }
}

package dev.freshet.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CasesTest {
    @Test
    void the_seed_in_the_message_repeats_the_failing_case() {
        Cases.Property rarelyWrong =
                random -> assertThat(random.nextInt(1_000_000) % 100).isNotEqualTo(42);

        Throwable failure = catchThrowable(() -> Cases.forEach(10_000, rarelyWrong));

        assertThat(failure).isInstanceOf(AssertionError.class).hasMessageContaining("42");
        Matcher seed = Pattern.compile("repeat\\((-?[0-9]+)L").matcher(failure.getMessage());
        assertThat(seed.find()).isTrue();
        assertThatThrownBy(() -> Cases.repeat(Long.parseLong(seed.group(1)), rarelyWrong))
                .hasMessage(failure.getMessage());
    }

    @Test
    void every_case_is_another_one() {
        Set<Long> seen = new HashSet<>();

        Cases.forEach(1000, random -> seen.add(random.nextLong()));

        assertThat(seen).hasSize(1000);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 9223372036854775807",
        "-9223372036854775808, 9223372036854775807",
        "-9223372036854775808, -7",
        "9223372036854775806, 9223372036854775807",
        "-5000000, 5000000",
        "1, 1000",
        "7, 7"
    })
    void numbers_stay_between_the_ends_and_reach_both(long min, long max) {
        Set<Long> seen = new HashSet<>();

        Cases.forEach(2000, random -> seen.add(Cases.between(random, min, max)));

        assertThat(seen).allSatisfy(number -> assertThat(number).isBetween(min, max));
        assertThat(seen).contains(min, max);
    }
}

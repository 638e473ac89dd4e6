package dev.freshet.common.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTest {
    @Provide
    Arbitrary<Rate> rates() {
        Arbitrary<Long> terms = Arbitraries.longs().between(1, 1000);
        return Combinators.combine(terms, terms).as(Rate::new);
    }

    @ParameterizedTest
    @CsvSource({
        "1000/s, 1000, 1",
        "1000, 1000, 1",
        "' 50Hz ', 50, 1",
        "50 Hz, 50, 1",
        "0.5/s, 1, 2",
        "100k/s, 100000, 1",
        "1.5k, 1500, 1",
        "10M/s, 10000000, 1",
        "333333.333/s, 333333333, 1000",
        "0.001/s, 1, 1000",
        "2147483647/s, 2147483647, 1"
    })
    void rates_are_read_exactly(String text, long numerator, long denominator) {
        assertThat(Rate.parse("--rate", text)).isEqualTo(new Rate(numerator, denominator));
    }

    @ParameterizedTest
    @CsvSource({
        "-1,               --rate: '-1' must be above zero",
        "0,                --rate: '0' must be above zero",
        "0.000/s,          --rate: '0.000/s' must be above zero",
        "2147483648/s,     '--rate: ''2147483648/s'' cannot be kept exactly (at most 2147483647/s, and 9 digits)'",
        "1234567890.123/s, '--rate: ''1234567890.123/s'' cannot be kept exactly (at most 2147483647/s, and 9 digits)'",
        "fast,             '--rate: ''fast'' is not a rate (examples: 1000/s, 0.5/s, 100k/s, 50Hz)'",
        "1e3,              '--rate: ''1e3'' is not a rate (examples: 1000/s, 0.5/s, 100k/s, 50Hz)'",
        "'',               '--rate: '''' is not a rate (examples: 1000/s, 0.5/s, 100k/s, 50Hz)'"
    })
    void what_is_no_rate_is_refused_in_one_line(String text, String message) {
        assertThatThrownBy(() -> Rate.parse("--rate", text))
                .isInstanceOf(InputException.class)
                .hasMessage(message);
    }

    @Property
    void adding_is_commutative_and_associative(
            @ForAll("rates") Rate a, @ForAll("rates") Rate b, @ForAll("rates") Rate c) {
        assertThat(a.plus(b)).isEqualTo(b.plus(a));
        assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
    }

    @Property
    void n_equal_parts_add_up_to_the_whole(@ForAll("rates") Rate whole, @ForAll @IntRange(min = 1, max = 100) int n) {
        Rate part = whole.times(1, n);
        Rate sum = part;
        for (int i = 1; i < n; i++) {
            sum = sum.plus(part);
        }
        assertThat(sum).isEqualTo(whole);
        assertThat(part.times(n, 1)).isEqualTo(whole);
    }

    @Property
    void order_is_that_of_the_numbers(@ForAll("rates") Rate a, @ForAll("rates") Rate b) {
        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(Double.compare(a.hertz(), b.hertz())));
    }

    @Property
    void a_rate_of_up_to_three_decimals_reads_back(@ForAll @IntRange(min = 1, max = 2_000_000_000) int thousandths) {
        Rate rate = new Rate(thousandths, 1000);

        if (thousandths >= 1000) {
            assertThat(Rate.parse("--rate", rate.toString())).isEqualTo(rate);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1000, 1, 1000/s",
        "1, 2, 0.5/s",
        "1001, 3, 333.667/s",
        "3000001, 1500000, 2/s",
        "1, 10000, 0.0001/s",
        "1, 3000, 0.000333/s",
        "1, 1000, 0.001/s",
        "1000000, 1, 1000000/s"
    })
    void a_rate_is_shown_short(long numerator, long denominator, String shown) {
        assertThat(new Rate(numerator, denominator)).hasToString(shown);
    }

    @Test
    void what_cannot_be_kept_exactly_is_refused_and_never_rounded() {
        Rate large = Rate.perSecond(Integer.MAX_VALUE);

        assertThatThrownBy(() -> large.times(2, 1))
                .isInstanceOf(InputException.class)
                .hasMessage("rate: 2147483647/s times 2/1 cannot be kept exactly");
        assertThatThrownBy(() -> large.plus(large))
                .isInstanceOf(InputException.class)
                .hasMessage("rate: 2147483647/s plus 2147483647/s cannot be kept exactly");
        assertThatThrownBy(() -> new Rate(0, 1)).isInstanceOf(InputException.class);
    }
}

package dev.freshet.common.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import dev.freshet.common.InputException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateTest {
    private static Rate rate(SplittableRandom random) {
        return new Rate(Cases.between(random, 1, 1000), Cases.between(random, 1, 1000));
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

    @Test
    void adding_is_commutative_and_associative() {
        Cases.forEach(1000, random -> {
            Rate a = rate(random);
            Rate b = rate(random);
            Rate c = rate(random);

            assertThat(a.plus(b)).isEqualTo(b.plus(a));
            if (sumIsKeptWhateverCancels(a, b, c)) {
                assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
            }
        });
    }

    /** A few large ones add up to more than a rate can keep, and are refused. */
    private static boolean sumIsKeptWhateverCancels(Rate a, Rate b, Rate c) {
        long numerator = a.numerator() * b.denominator() * c.denominator()
                + b.numerator() * a.denominator() * c.denominator()
                + c.numerator() * a.denominator() * b.denominator();
        return numerator <= Integer.MAX_VALUE;
    }

    @Test
    void n_equal_parts_add_up_to_the_whole() {
        Cases.forEach(1000, random -> {
            Rate whole = rate(random);
            int n = Cases.between(random, 1, 100);

            Rate part = whole.times(1, n);
            Rate sum = part;
            for (int i = 1; i < n; i++) {
                sum = sum.plus(part);
            }
            assertThat(sum).isEqualTo(whole);
            assertThat(part.times(n, 1)).isEqualTo(whole);
        });
    }

    @Test
    void order_is_that_of_the_numbers() {
        Cases.forEach(1000, random -> {
            Rate a = rate(random);
            Rate b = rate(random);

            assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(Double.compare(a.hertz(), b.hertz())));
        });
    }

    @Test
    void a_rate_of_up_to_three_decimals_reads_back() {
        Cases.forEach(1000, random -> {
            int thousandths = Cases.between(random, 1, 2_000_000_000);

            Rate rate = new Rate(thousandths, 1000);

            if (thousandths >= 1000) {
                assertThat(Rate.parse("--rate", rate.toString())).isEqualTo(rate);
            }
        });
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

package dev.freshet.common.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.Cases;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LedgerTest {
    private static Ledger ledger(SplittableRandom random) {
        long measured = some(random);
        long late = some(random);
        long received = measured + late + some(random);
        long sent = received + some(random);
        long skipped = some(random);
        long cancelled = some(random);
        Counts counts = new Counts();
        counts.set(Count.MEASURED, measured);
        counts.set(Count.LATE, late);
        counts.set(Count.ANSWERED, measured + late);
        counts.set(Count.SENT, sent);
        counts.set(Count.SKIPPED, skipped);
        counts.set(Count.CANCELLED, cancelled);
        counts.set(Count.SCHEDULED, sent + skipped + cancelled);
        return Ledger.of(counts, random.nextBoolean() ? received : null);
    }

    private static long some(SplittableRandom random) {
        return Cases.between(random, 0, 1_000_000_000);
    }

    @Test
    void ledgers_add_with_the_empty_one_as_identity_and_stay_balanced() {
        Cases.forEach(1000, random -> {
            Ledger a = ledger(random);
            Ledger b = ledger(random);
            Ledger c = ledger(random);

            assertThat(a.plus(b)).isEqualTo(b.plus(a));
            assertThat(a.plus(b).plus(c)).isEqualTo(a.plus(b.plus(c)));
            assertThat(a.plus(Ledger.EMPTY)).isEqualTo(a);
            assertThat(a.balanced()).isTrue();
            assertThat(a.plus(b).balanced()).isTrue();
        });
    }

    @Test
    void what_one_does_not_know_the_sum_does_not_know() {
        Ledger known = new Ledger(10, 10, 0, 0, 9L, 1L, 8, 1L, 8, 0);
        Ledger unknown = new Ledger(10, 10, 0, 0, null, null, 10, null, 10, 0);

        assertThat(known.plus(unknown)).isEqualTo(new Ledger(20, 20, 0, 0, null, null, 18, null, 18, 0));
    }

    static Stream<Ledger> broken() {
        return Stream.of(
                new Ledger(11, 10, 0, 0, 10L, 0L, 10, 0L, 10, 0), // scheduled = sent + skipped + cancelled
                new Ledger(10, 10, 1, 0, 10L, 0L, 10, 0L, 10, 0),
                new Ledger(10, 10, 0, 1, 10L, 0L, 10, 0L, 10, 0),
                new Ledger(10, 10, 0, 0, 9L, 0L, 9, 0L, 9, 0), // sent = received + lost
                new Ledger(10, 10, 0, 0, 10L, 0L, 9, 0L, 9, 0), // received = answered + unanswered
                new Ledger(10, 10, 0, 0, 10L, 0L, 10, 0L, 9, 0), // answered = measured + late
                new Ledger(10, 10, 0, 0, 10L, 0L, 10, 0L, 9, 2),
                new Ledger(10, 10, 0, 0, 11L, -1L, 10, 1L, 10, 0), // more received than sent
                new Ledger(10, 10, 0, 0, 9L, 1L, 10, -1L, 10, 0), // more answered than received
                new Ledger(10, 11, -1, 0, 11L, 0L, 11, 0L, 11, 0), // below zero
                new Ledger(10, 11, 0, -1, 11L, 0L, 11, 0L, 11, 0),
                new Ledger(10, 10, 0, 0, 10L, 0L, 10, 0L, 11, -1),
                new Ledger(10, 10, 0, 0, null, null, 11, null, 11, 0)); // more answered than sent
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_ledger_with_one_broken_line_is_not_balanced(Ledger ledger) {
        assertThat(ledger.balanced()).isFalse();
    }

    @Test
    void figures_of_the_receiving_side_are_known_together_or_not_at_all() {
        assertThatThrownBy(() -> new Ledger(1, 1, 0, 0, 1L, null, 1, 0L, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Ledger(1, 1, 0, 0, null, 0L, 1, null, 1, 0))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

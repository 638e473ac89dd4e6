package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.producer.InFlightTable.Outcome;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InFlightTableTest {
    private static final int CAPACITY = 16;
    private static final int WINDOW = 1 << 12;

    /** What the table should say, kept in plain sets without bounds. */
    private static final class Model {
        final Map<Integer, Long> places = new HashMap<>();
        final Set<Long> skipped = new HashSet<>();
        final Set<Long> answered = new HashSet<>();
        long next;

        Long put() {
            return places.put((int) (next++ % CAPACITY), next - 1);
        }

        void skip(long seq) {
            skipped.add(seq);
            places.remove((int) (seq % CAPACITY), seq);
        }

        Outcome answer(long seq) {
            if (seq < 0 || seq >= next || skipped.contains(seq)) {
                return Outcome.UNKNOWN;
            }
            if (!answered.add(seq)) {
                return Outcome.DUPLICATE;
            }
            return places.remove((int) (seq % CAPACITY), seq) ? Outcome.MATCHED : Outcome.LATE;
        }
    }

    private static long stampOf(long seq) {
        return 1_700_000_000_000_000L + seq * 7;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void every_outcome_is_that_of_a_plain_model(long seed) {
        Random random = new Random(seed);
        InFlightTable table = new InFlightTable(CAPACITY, WINDOW);
        Model model = new Model();
        Set<Outcome> seen = new HashSet<>();
        for (int i = 0; i < WINDOW; i++) {
            long seq = model.next;
            Long overwritten = model.put();
            assertThat(table.put(seq, stampOf(seq))).isEqualTo(overwritten == null ? InFlightTable.NONE : overwritten);
            if (random.nextInt(10) == 0) {
                model.skip(seq);
                table.skip(seq);
            }
            for (int answers = random.nextInt(3); answers > 0; answers--) {
                long answer = seq + 2 - random.nextInt(3 * CAPACITY);
                Outcome outcome = table.answer(answer);
                assertThat(outcome).as("answer to %d after %d", answer, seq).isEqualTo(model.answer(answer));
                seen.add(outcome);
                if (outcome == Outcome.MATCHED) {
                    assertThat(table.matchedT1Micros()).isEqualTo(stampOf(answer));
                }
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(Outcome.values());
    }

    @Test
    void a_message_stamped_anew_while_it_waits_overwrites_nothing_and_has_the_last_stamp() {
        InFlightTable table = new InFlightTable(CAPACITY, WINDOW);
        table.put(0, 1);
        table.restamp(0, 2);
        table.restamp(0, 3);
        assertThat(table.answer(0)).isEqualTo(Outcome.MATCHED);
        assertThat(table.matchedT1Micros()).isEqualTo(3);
        assertThat(table.put(16, 4)).isEqualTo(InFlightTable.NONE);
    }

    @Test
    void an_answer_from_before_the_window_is_not_taken_for_a_first_one() {
        InFlightTable table = new InFlightTable(CAPACITY, 64);
        for (long seq = 0; seq < 200; seq++) {
            table.put(seq, stampOf(seq));
        }
        assertThat(table.answer(199)).isEqualTo(Outcome.MATCHED);
        assertThat(table.answer(10)).isEqualTo(Outcome.UNKNOWN);
        assertThat(table.answer(199)).isEqualTo(Outcome.DUPLICATE);
    }

    @Test
    @Timeout(60)
    void with_two_threads_every_first_answer_is_matched_or_late_and_late_is_what_was_overwritten() throws Exception {
        int messages = 1_000_000;
        InFlightTable table = new InFlightTable(64, 1 << 20);
        long[] overwritten = new long[1];
        Thread publisher = new Thread(
                () -> {
                    for (long seq = 0; seq < messages; seq++) {
                        if (table.put(seq, stampOf(seq)) != InFlightTable.NONE) {
                            overwritten[0]++;
                        }
                    }
                },
                "publisher");
        publisher.start();
        long matched = 0;
        long late = 0;
        long wrongStamps = 0;
        for (long seq = 0; seq < messages; seq++) {
            Outcome outcome = table.answer(seq);
            while (outcome == Outcome.UNKNOWN) {
                Thread.onSpinWait(); // not put yet
                outcome = table.answer(seq);
            }
            if (outcome == Outcome.MATCHED) {
                matched++;
                wrongStamps += table.matchedT1Micros() == stampOf(seq) ? 0 : 1;
            } else if (outcome == Outcome.LATE) {
                late++;
            }
            if (seq % 1000 == 0) {
                assertThat(table.answer(seq)).isEqualTo(Outcome.DUPLICATE);
            }
        }
        publisher.join();
        assertThat(wrongStamps).isZero();
        assertThat(matched + late).isEqualTo(messages);
        assertThat(overwritten[0]).isEqualTo(late);
    }

    @Test
    void a_table_for_any_rate_has_places_for_a_wait_of_a_second_at_a_quarter_of_a_million_messages() {
        InFlightTable table = InFlightTable.forAnyRate();
        for (int seq = 0; seq < 250_000; seq++) {
            assertThat(table.put(seq, seq)).isEqualTo(InFlightTable.NONE);
        }
        assertThat(table.answer(0)).isEqualTo(InFlightTable.Outcome.MATCHED);
    }
}

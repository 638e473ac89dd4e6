package dev.freshet.coordinator.books;

import static dev.freshet.common.plan.Phase.MEASURED;
import static dev.freshet.common.plan.Phase.WARMUP;
import static dev.freshet.coordinator.books.BooksOfAgents.counts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.control.ToCoordinator.Finished;
import dev.freshet.common.control.ToCoordinator.Progress;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Ledger;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.Schedule;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.books.BooksOfAgents.Entry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunBooksTest {
    private static final long T0_MICROS = 1_700_000_000_000_000L;
    private static final Timing TIMING = BooksOfAgents.timing(1, 3);

    private static final int READINGS = 300;

    private final List<IntervalRow> rows = new ArrayList<>();

    private RunBooks books(Party... parties) {
        return new RunBooks(TIMING, List.of(parties), T0_MICROS, rows::add);
    }

    private static Party producer(String name) {
        return BooksOfAgents.producer(name, 10, TIMING);
    }

    private static Entry sent(String producer, long messages) {
        return new Entry(producer, MEASURED, counts(Count.SCHEDULED, messages, Count.SENT, messages));
    }

    private static Entry received(String producer, long messages) {
        return new Entry(producer, MEASURED, counts(Count.RECEIVED, messages));
    }

    @Test
    void a_row_is_told_when_the_last_agent_has_reported_its_interval() {
        RunBooks books = books(producer("p1"), producer("p2"));
        BooksOfAgents p1 = new BooksOfAgents("p1", books);
        BooksOfAgents p2 = new BooksOfAgents("p2", books);

        p1.report().report(sent("p1", 3));
        assertThat(rows).isEmpty();
        p2.report();
        assertThat(rows).extracting(IntervalRow::interval).containsExactly(0);
        p2.report(sent("p2", 4));

        assertThat(rows).extracting(IntervalRow::interval).containsExactly(0, 1);
        assertThat(rows).extracting(IntervalRow::phase).containsExactly(WARMUP, MEASURED);
        assertThat(rows.get(1).counts().get(Count.SENT)).isEqualTo(7);
        assertThat(rows.get(1).agents().get("p2").counts().get(Count.SENT)).isEqualTo(4);
        assertThat(rows.get(1).startMicros()).isEqualTo(T0_MICROS + 1_000_000);
    }

    @Test
    void an_agent_that_has_ended_holds_up_no_row() {
        RunBooks books = books(producer("p1"), producer("p2"), producer("p3"));
        BooksOfAgents p1 =
                new BooksOfAgents("p1", books).report().report(sent("p1", 1)).report(sent("p1", 1));
        BooksOfAgents p2 = new BooksOfAgents("p2", books).report();
        new BooksOfAgents("p3", books).report().report(sent("p3", 5));

        p2.finish(null);
        assertThat(rows).extracting(IntervalRow::interval).containsExactly(0, 1);
        books.lost("p3", Instant.EPOCH, "killed");
        assertThat(rows).extracting(IntervalRow::interval).containsExactly(0, 1, 2);
        assertThat(books.stillRunning()).containsExactly("p1");
        p1.report().finish(null);
        assertThat(rows).hasSize(4);
        assertThat(books.stillRunning()).isEmpty();
    }

    @Test
    void answers_of_the_warmup_that_come_after_it_have_a_row_of_their_own() {
        RunBooks books = books(producer("p1"));
        new BooksOfAgents("p1", books)
                .report(new Entry("p1", WARMUP, counts(Count.SENT, 10)))
                .report(new Entry("p1", WARMUP, counts(Count.ANSWERED, 2)), sent("p1", 10))
                .report(new Entry("p1", WARMUP, new Book()), sent("p1", 10));

        assertThat(rows).extracting(IntervalRow::interval).containsExactly(0, 1, 1, 2);
        assertThat(rows).extracting(IntervalRow::phase).containsExactly(WARMUP, WARMUP, MEASURED, MEASURED);
        assertThat(books.account().warmup().counts().get(Count.ANSWERED)).isEqualTo(2);
    }

    @Test
    void what_a_producer_says_of_receiving_and_a_consumer_of_sending_is_not_believed() {
        RunBooks books = books(producer("p1"), BooksOfAgents.consumer("c1", TIMING, "p1"));
        Book both = counts(Count.SENT, 5, Count.RECEIVED, 5);
        new BooksOfAgents("p1", books).report(new Entry("p1", MEASURED, both));
        new BooksOfAgents("c1", books).report(new Entry("p1", MEASURED, both));

        Counts fleet = books.account().measured().counts();
        assertThat(fleet.get(Count.SENT)).isEqualTo(5);
        assertThat(fleet.get(Count.RECEIVED)).isEqualTo(5);
    }

    @Test
    void an_interval_out_of_turn_is_refused_and_nothing_is_added() {
        RunBooks books = books(producer("p1"));
        BooksOfAgents p1 = new BooksOfAgents("p1", books).report().report(sent("p1", 3));

        assertThatThrownBy(() -> add(books, "p1", 1)).hasMessage("p1 reported interval 1, interval 2 was due");
        assertThatThrownBy(() -> add(books, "p1", 3)).hasMessage("p1 reported interval 3, interval 2 was due");
        assertThatThrownBy(() -> add(books, "p9", 2)).hasMessage("p9 is not in the run");
        assertThatThrownBy(() -> p1.report(sent("p2", 3))).hasMessage("p1 keeps no books of producer p2");
        books.finished("p1", new Finished("run", 2, List.of(), null, 0, 0, null, List.of(), List.of()));
        assertThatThrownBy(() -> add(books, "p1", 2)).hasMessage("p1 reported interval 2 after its end");
        assertThat(books.account().measured().counts().get(Count.SENT)).isEqualTo(3);
    }

    private static void add(RunBooks books, String agent, int interval) {
        books.add(agent, new Progress("run", interval, List.of(), null, null), List.of());
    }

    @Test
    void totals_that_the_intervals_do_not_add_up_to_are_named_with_agent_and_figure() {
        RunBooks books = books(producer("p1"), producer("p2"));
        Book timed = counts(Count.SENT, 1);
        timed.record(Metric.CLOCK_OFFSET, -5);
        BooksOfAgents other = new BooksOfAgents("p1", books(producer("p1")));
        other.report(new Entry("p1", MEASURED, timed)).report();
        new BooksOfAgents("p1", books).report(sent("p1", 3));
        new BooksOfAgents("p2", books).report().report(sent("p2", 3)).finish(null);

        books.finished("p1", other.finished(null));

        assertThat(books.account().mismatches())
                .containsExactly(
                        "p1: it says it reported 2 intervals, 1 arrived",
                        "p1: measured scheduled is 0 in its totals, but its intervals add up to 3",
                        "p1: measured sent is 1 in its totals, but its intervals add up to 3",
                        "p1: measured number of negative clock_offset values is 1 in its totals,"
                                + " but its intervals add up to 0");
    }

    @Test
    void each_producer_has_a_ledger_and_the_fleet_their_sum() {
        RunBooks books = books(producer("p1"), producer("p2"), BooksOfAgents.consumer("c1", TIMING, "p1", "p2"));
        new BooksOfAgents("p1", books).report(sent("p1", 30)).finish(null);
        new BooksOfAgents("p2", books).report(sent("p2", 30)).finish(null);
        new BooksOfAgents("c1", books)
                .report(received("p1", 30), received("p2", 28))
                .finish(null);

        RunAccount account = books.account();
        assertThat(account.ledgers().get("p1").lost()).isZero();
        assertThat(account.ledgers().get("p2").lost()).isEqualTo(2);
        assertThat(account.ledger().lost()).isEqualTo(2);
        assertThat(account.ledger().balanced()).isTrue();
    }

    @Test
    void without_consumers_of_ours_nobody_knows_what_was_received() {
        RunBooks books = books(producer("p1"));
        new BooksOfAgents("p1", books).report(sent("p1", 30)).finish(null);
        assertThat(books.account().ledger().received()).isNull();
        assertThat(books.account().ledger().lost()).isNull();
        assertThat(books.account().ledger().balanced()).isTrue();
    }

    @Test
    void the_ledger_of_a_killed_producer_balances_with_what_its_consumer_has() {
        RunBooks books = books(producer("p1"), BooksOfAgents.consumer("c1", TIMING, "p1"));
        new BooksOfAgents("p1", books)
                .report()
                .report(new Entry("p1", MEASURED, counts(Count.SCHEDULED, 10, Count.SENT, 8, Count.SKIPPED, 2)));
        books.lost("p1", Instant.EPOCH, "killed");
        new BooksOfAgents("c1", books).report(received("p1", 13)).finish(null);

        Ledger ledger = books.account().ledger();
        assertThat(ledger.scheduled()).isEqualTo(30);
        assertThat(ledger.sent()).isEqualTo(13);
        assertThat(ledger.skipped()).isEqualTo(2);
        assertThat(ledger.cancelled()).isEqualTo(15);
        assertThat(ledger.lost()).isZero();
        assertThat(ledger.balanced()).isTrue();
        assertThat(books.account().agents().get("p1").loss().reason()).isEqualTo("killed");
    }

    private Ledger killedAfterAChangeTo(int hertz) {
        Party producer = producer("p1");
        RunBooks books = books(producer, BooksOfAgents.consumer("c1", TIMING, "p1"));
        books.changed(producer.changed(2_000_000_000L, Schedule.of(Rate.perSecond(hertz))));
        new BooksOfAgents("p1", books)
                .report()
                .report(new Entry("p1", MEASURED, counts(Count.SCHEDULED, 10, Count.SENT, 8, Count.SKIPPED, 2)));
        books.lost("p1", Instant.EPOCH, "killed");
        new BooksOfAgents("c1", books).report(received("p1", 13)).finish(null);
        return books.account().ledger();
    }

    @Test
    void what_a_killed_producer_had_to_send_is_what_it_was_told_last() {
        Ledger faster = killedAfterAChangeTo(20);
        assertThat(faster.scheduled()).isEqualTo(10 + 2 * 20);
        assertThat(faster.cancelled()).isEqualTo(50 - 15);
        assertThat(faster.balanced()).isTrue();
    }

    @Test
    void a_killed_producer_that_had_not_heard_to_be_slower_had_to_send_what_it_sent() {
        Ledger slower = killedAfterAChangeTo(1);
        assertThat(slower.scheduled()).isEqualTo(15);
        assertThat(slower.cancelled()).isZero();
        assertThat(slower.balanced()).isTrue();
    }

    @Test
    void what_a_lost_consumer_received_is_not_known() {
        RunBooks books = books(producer("p1"), BooksOfAgents.consumer("c1", TIMING, "p1"));
        new BooksOfAgents("p1", books).report(sent("p1", 30)).finish(null);
        new BooksOfAgents("c1", books).report(received("p1", 10));
        books.lost("c1", Instant.EPOCH, "killed");
        assertThat(books.account().ledger().received()).isNull();
        assertThat(books.account().ledger().sent()).isEqualTo(30);
    }

    @Test
    void the_last_send_is_bounded_by_its_interval_and_by_the_latest_message_of_it() {
        RunBooks books = books(producer("p1"));
        Book late = counts(Count.SENT, 1);
        late.record(Metric.LATENESS, 5_000);
        new BooksOfAgents("p1", books)
                .report()
                .report(sent("p1", 1))
                .report()
                .report()
                .report(new Entry("p1", MEASURED, late))
                .report();
        long bound = books.account().agents().get("p1").lastSendNanos();
        assertThat(bound).isBetween(4_005_000_000L, 4_005_010_000L);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void the_measured_rows_add_up_to_the_totals_exactly(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        int agents = 1 + random.nextInt(5);
        Party[] parties = new Party[agents];
        Map<String, BooksOfAgents> running = new LinkedHashMap<>();
        for (int i = 0; i < agents; i++) {
            parties[i] = producer("p" + i);
        }
        RunBooks books = books(parties);
        for (Party party : parties) {
            running.put(party.agent(), new BooksOfAgents(party.agent(), books));
        }
        while (!running.isEmpty()) {
            List<String> names = List.copyOf(running.keySet());
            String name = names.get(random.nextInt(names.size()));
            int draw = random.nextInt(20);
            if (draw == 0) {
                running.remove(name).finish(null);
            } else if (draw == 1) {
                running.remove(name);
                books.lost(name, Instant.EPOCH, "drawn");
            } else {
                running.get(name)
                        .report(new Entry(name, WARMUP, drawn(random)), new Entry(name, MEASURED, drawn(random)));
            }
        }
        RunAccount account = books.account();
        Book sum = new Book();
        rows.stream().filter(row -> row.phase() == MEASURED).forEach(row -> sum.add(row.fleet()));
        Book ofAgents = new Book();
        account.agents().values().forEach(agent -> ofAgents.add(agent.measured()));

        assertSame(account.measured(), sum);
        assertSame(account.measured(), ofAgents);
        assertThat(account.mismatches()).isEmpty();
        assertThat(rows)
                .extracting(row -> row.interval() * 2 + row.phase().ordinal())
                .isSorted();
    }

    @Test
    void an_account_may_be_read_on_another_thread_while_the_status_goes_on() throws Exception {
        RunBooks books = books(producer("p1"));
        BooksOfAgents p1 = new BooksOfAgents("p1", books);
        p1.report().report(new Entry("p1", MEASURED, drawn(new SplittableRandom(1))));
        RunAccount account = books.account();
        List<Percentiles> expected = percentiles(account.measured());
        CompletableFuture<Void> summary = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < READINGS; i++) {
                assertThat(percentiles(account.measured())).isEqualTo(expected);
            }
        });
        for (int i = 0; i < READINGS; i++) {
            assertThat(percentiles(books.soFar().measured())).isEqualTo(expected);
        }
        summary.get(30, TimeUnit.SECONDS);
    }

    private static List<Percentiles> percentiles(Book book) {
        return Arrays.stream(Metric.values())
                .map(metric -> Percentiles.of(book, metric))
                .toList();
    }

    private static Book drawn(SplittableRandom random) {
        Book book = new Book();
        for (int i = random.nextInt(20); i > 0; i--) {
            book.counts().increment(Count.SENT);
            book.record(Metric.TOTAL, random.nextInt(1_000_000));
            book.record(Metric.CLOCK_OFFSET, random.nextInt(2000) - 1000);
        }
        return book;
    }

    private static void assertSame(Book one, Book other) {
        assertThat(one.counts()).isEqualTo(other.counts());
        for (Metric metric : Metric.values()) {
            assertThat(one.histogram(metric).positive())
                    .isEqualTo(other.histogram(metric).positive());
            assertThat(one.histogram(metric).negative())
                    .isEqualTo(other.histogram(metric).negative());
        }
    }
}

package dev.freshet.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Phase;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProgressAssemblerTest {
    private static final long SECOND = 1_000_000_000L;

    private final List<RunEvents.Report> reports = new ArrayList<>();
    private final ProgressAssembler assembler = new ProgressAssembler(new Events(), List.of("p1"), 2);

    private final class Events implements RunEvents {
        @Override
        public void bound(List<String> endpoints, String startEndpoint) {}

        @Override
        public void prepared() {}

        @Override
        public void interval(int interval, Report report) {
            assertThat(interval).isEqualTo(reports.size());
            reports.add(report);
        }

        @Override
        public void finished(Result result) {}

        @Override
        public void failed(String reason) {}
    }

    private static void record(IntervalBooks books, int messages) {
        Book book = books.book(0, Phase.MEASURED);
        book.counts().add(Count.SENT, messages);
        for (int i = 0; i < messages; i++) {
            book.record(Metric.LATENESS, i);
        }
    }

    private static long sent(List<RunEvents.Entry> entries) {
        return entries.stream()
                .mapToLong(entry -> entry.book().counts().get(Count.SENT))
                .sum();
    }

    /** Three intervals of two threads, the second one of which ends in the second interval. */
    private void recordAll() {
        IntervalBooks first = assembler.books(0, 0);
        IntervalBooks second = assembler.books(1, 0);
        record(first, 1);
        first.rollTo(SECOND);
        record(first, 10);
        record(second, 100);
        second.rollTo(SECOND);
        record(second, 1000);
        second.finish();
        first.rollTo(2 * SECOND);
        record(first, 10_000);
        first.finish();
    }

    @Test
    void an_interval_is_reported_when_all_threads_have_closed_it_and_adds_up_what_they_recorded() {
        recordAll();
        assertThat(reports).extracting(report -> sent(report.entries())).containsExactly(101L, 1010L, 10_000L);
        assertThat(assembler.intervals()).isEqualTo(3);
    }

    @Test
    void the_recording_threads_leave_all_adding_up_to_whoever_takes_the_reports() {
        recordAll();
        assertThat(sent(assembler.totals())).as("nothing was added up yet").isZero();
        reports.forEach(RunEvents.Report::giveBack);
        assertThat(sent(assembler.totals())).isEqualTo(11_111);
        assertThat(assembler
                        .totals()
                        .get(Phase.MEASURED.ordinal())
                        .book()
                        .histogram(Metric.LATENESS)
                        .count())
                .isEqualTo(11_111);
    }

    @Test
    void a_report_that_is_read_again_is_not_added_up_again_and_its_books_are_written_anew_in_their_place() {
        recordAll();
        int measured = Phase.MEASURED.ordinal();
        Book written = reports.get(0).entries().get(measured).book(); // the last thread's
        assertThat(sent(reports.get(0).entries())).isEqualTo(101);
        reports.forEach(RunEvents.Report::giveBack);
        assertThat(sent(assembler.totals())).isEqualTo(11_111);
        List<Book> spares = List.of(assembler.takeBook(1, measured), assembler.takeBook(1, measured));
        assertThat(spares).contains(written).allMatch(Book::isEmpty);
        assertThat(List.of(assembler.takeBook(0, measured), assembler.takeBook(0, measured)))
                .as("each thread and place has books of its own")
                .doesNotContain(written);
    }

    @Test
    void books_made_beforehand_have_the_memory_for_all_that_is_timed_and_are_the_first_to_be_written() {
        assembler.keepRoom(1, Phase.MEASURED, Set.of(Metric.CLOCK_OFFSET));
        Book book = assembler.books(1, 0).book(0, Phase.MEASURED);
        assertThat(book.keepsRoom(Metric.CLOCK_OFFSET)).isTrue();
        assertThat(book.keepsRoom(Metric.LATENESS)).isFalse();
        assertThat(book.isEmpty()).isTrue();
        assertThat(assembler.books(0, 0).book(0, Phase.MEASURED).keepsRoom(Metric.CLOCK_OFFSET))
                .as("another thread's")
                .isFalse();
    }
}

package dev.freshet.common.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BookTest {
    private static Book randomBook(Random random) {
        Book book = new Book();
        for (int i = random.nextInt(50); i > 0; i--) {
            book.counts().increment(Count.values()[random.nextInt(Count.values().length)]);
            book.record(Metric.values()[random.nextInt(Metric.values().length)], random.nextInt(-1000, 5_000_000));
        }
        return book;
    }

    private static Book sum(List<Book> books) {
        Book sum = new Book();
        books.forEach(sum::add);
        return sum;
    }

    private static void assertSame(Book a, Book b) {
        assertThat(a.counts()).isEqualTo(b.counts());
        for (Metric metric : Metric.values()) {
            assertThat(a.histogram(metric).positive())
                    .isEqualTo(b.histogram(metric).positive());
            assertThat(a.histogram(metric).negative())
                    .isEqualTo(b.histogram(metric).negative());
        }
    }

    @Test
    void the_sum_of_intervals_is_the_total_in_any_order_and_grouping() {
        Random random = new Random(20260106);
        List<Book> intervals = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            intervals.add(randomBook(random));
        }
        Book total = sum(intervals);

        Book grouped = sum(
                List.of(sum(intervals.subList(0, 7)), sum(intervals.subList(7, 20)), sum(intervals.subList(20, 30))));
        Collections.shuffle(intervals, random);

        assertSame(grouped, total);
        assertSame(sum(intervals), total);
        assertSame(sum(List.of(total, new Book())), total);
    }

    @Test
    void a_value_that_no_histogram_holds_is_counted_as_impossible() {
        Book book = new Book();

        book.record(Metric.TOTAL, SignedHistogram.LIMIT_MICROS + 1);
        book.record(Metric.TOTAL, 10);

        assertThat(book.counts().get(Count.IMPOSSIBLE)).isEqualTo(1);
        assertThat(book.histogram(Metric.TOTAL).count()).isEqualTo(1);
    }

    @Test
    void looking_at_a_book_does_not_fill_it() {
        Book book = new Book();

        assertThat(book.has(Metric.LATENESS)).isFalse();
        assertThat(book.histogram(Metric.LATENESS).count()).isZero();
        assertThat(book.has(Metric.LATENESS)).isFalse();
        assertThat(book.isEmpty()).isTrue();
        book.record(Metric.LATENESS, 0);
        assertThat(book.isEmpty()).isFalse();
        book.clear();
        assertThat(book.isEmpty()).isTrue();
    }
}

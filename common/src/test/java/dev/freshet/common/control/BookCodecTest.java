package dev.freshet.common.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.freshet.common.control.ToCoordinator.BookEntry;
import dev.freshet.common.control.ToCoordinator.HistogramEntry;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.common.plan.Phase;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BookCodecTest {
    private static Book book(long seed, boolean negatives) {
        SplittableRandom random = new SplittableRandom(seed);
        Book book = new Book();
        for (int i = 0; i < 1000; i++) {
            book.counts().increment(Count.MEASURED);
            book.record(Metric.TOTAL, random.nextLong(5_000_000));
            book.record(Metric.CLOCK_OFFSET, random.nextLong(negatives ? -2000 : 0, 2000));
        }
        return book;
    }

    private static void assertSame(Book actual, Book expected) {
        assertThat(actual.counts()).isEqualTo(expected.counts());
        for (Metric metric : Metric.values()) {
            assertThat(actual.has(metric)).isEqualTo(expected.has(metric));
            assertThat(actual.histogram(metric).positive())
                    .isEqualTo(expected.histogram(metric).positive());
            assertThat(actual.histogram(metric).negative())
                    .isEqualTo(expected.histogram(metric).negative());
        }
    }

    @Test
    void books_read_back_in_their_order() {
        List<byte[]> attachments = new ArrayList<>();
        List<Book> books = List.of(book(1, true), new Book(), book(2, false));
        List<BookEntry> entries = new ArrayList<>();
        for (Book book : books) {
            entries.add(BookCodec.encode("p" + entries.size(), Phase.MEASURED, book, attachments));
        }

        List<Book> read = BookCodec.decode(entries, attachments);

        assertThat(read).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertSame(read.get(i), books.get(i));
        }
        assertThat(attachments).hasSize(5);
    }

    @Test
    void totals_are_described_without_attachments() {
        Book book = book(3, true);
        List<byte[]> attachments = new ArrayList<>();

        BookEntry with = BookCodec.encode("p1", Phase.WARMUP, book, attachments);

        assertThat(BookCodec.encode("p1", Phase.WARMUP, book, null)).isEqualTo(with);
        assertThat(with.histograms())
                .extracting(HistogramEntry::metric)
                .containsExactly(Metric.TOTAL, Metric.CLOCK_OFFSET, Metric.CLOCK_OFFSET);
    }

    @Test
    void what_was_described_does_not_change_with_the_book() {
        Book book = book(4, false);
        BookEntry entry = BookCodec.encode("p1", Phase.MEASURED, book, null);

        book.clear();

        assertThat(entry.counts().get(Count.MEASURED)).isEqualTo(1000);
    }

    private static BookEntry entry(HistogramEntry... histograms) {
        return new BookEntry("p1", Phase.MEASURED, new Counts(), List.of(histograms));
    }

    private static byte[] encoded(Histogram histogram) {
        ByteBuffer buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
        byte[] bytes = new byte[histogram.encodeIntoCompressedByteBuffer(buffer)];
        buffer.flip().get(bytes);
        return bytes;
    }

    private static void assertRefused(BookEntry entry, List<byte[]> attachments, String part) {
        assertThatThrownBy(() -> BookCodec.decode(List.of(entry), attachments))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(part);
    }

    @Test
    void entries_and_attachments_that_do_not_fit_are_refused() {
        Histogram one = SignedHistogram.newPart();
        one.recordValue(5);
        HistogramEntry described = new HistogramEntry(Metric.TOTAL, false, 1);

        assertRefused(entry(described), List.of(), "an attachment is missing");
        assertRefused(entry(), List.of(encoded(one)), "1 attachments too many");
        assertRefused(entry(new HistogramEntry(Metric.TOTAL, false, 2)), List.of(encoded(one)), "total holds 1 values");
        assertRefused(entry(described), List.of(new byte[0]), "no histogram");
        assertRefused(entry(described), List.of("not a histogram at all".getBytes()), "no histogram");
        assertRefused(entry(described), List.of(new byte[300 << 10]), "307200 bytes");
    }

    @Test
    void the_histogram_of_an_unknown_metric_is_passed_over() {
        Histogram one = SignedHistogram.newPart();
        one.recordValue(5);

        List<Book> books = BookCodec.decode(
                List.of(entry(new HistogramEntry(null, false, 1), new HistogramEntry(Metric.TOTAL, false, 1))),
                List.of(encoded(one), encoded(one)));

        assertThat(books.get(0).histogram(Metric.TOTAL).count()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"9223372036854775807, 5", "9223372036854775807, 3", "3600000000, 2", "3600000000, 5", "7200000000, 3"})
    void a_histogram_of_another_range_or_precision_is_refused_before_it_takes_memory(long highest, int digits) {
        byte[] hostile = encoded(new Histogram(1, highest, digits));
        assertThat(hostile.length).isLessThan(100);
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        BookEntry entry = entry(new HistogramEntry(Metric.TOTAL, false, 0));
        assertRefused(
                entry, List.of(hostile), "no histogram of our range and precision"); // loads what the next one counts

        long before = memory.getCurrentThreadAllocatedBytes();
        assertRefused(entry, List.of(hostile), "no histogram of our range and precision");

        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
    }

    @Test
    void a_damaged_histogram_is_a_histogram_or_refused_and_nothing_else() {
        Book book = book(5, true);
        List<byte[]> attachments = new ArrayList<>();
        BookEntry entry = BookCodec.encode("p1", Phase.MEASURED, book, attachments);
        long seed = 20260108;
        SplittableRandom random = new SplittableRandom(seed);
        int refused = 0;
        for (int i = 0; i < 3_000; i++) {
            byte[] damaged = attachments.get(0).clone();
            for (int n = 1 + random.nextInt(3); n > 0; n--) {
                damaged[random.nextInt(random.nextBoolean() ? 60 : damaged.length)] = (byte) random.nextInt(256);
            }
            List<byte[]> hit = new ArrayList<>(attachments);
            hit.set(0, damaged);
            try {
                BookCodec.decode(List.of(entry), hit);
            } catch (IllegalArgumentException e) {
                refused++;
            } catch (RuntimeException | OutOfMemoryError e) {
                throw new AssertionError("seed " + seed + ", case " + i, e);
            }
        }
        assertThat(refused).isGreaterThan(2_000);
    }
}

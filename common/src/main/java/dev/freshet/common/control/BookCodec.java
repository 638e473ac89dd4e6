package dev.freshet.common.control;

import dev.freshet.common.control.ToCoordinator.BookEntry;
import dev.freshet.common.control.ToCoordinator.HistogramEntry;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.common.plan.Phase;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.HdrHistogram.Histogram;

/** Books as entries of a message plus attachments, in HdrHistogram's compressed form (V2). */
public final class BookCodec {
    /** Larger attachments are refused: with our range and digits an honest one stays below 64 KiB. */
    private static final int MAX_ATTACHMENT_BYTES = 256 << 10;

    private static final int HEADER_BYTES = 40;

    /** HdrHistogram keeps a buffer of 200 KiB for each histogram that was ever encoded: here it is always the same one. */
    private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

    private static final class Scratch {
        private final Histogram histogram = SignedHistogram.newPart();
        private final ByteBuffer encoded = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());

        byte[] encode(Histogram part) {
            histogram.reset();
            histogram.add(part);
            encoded.clear();
            return Arrays.copyOf(encoded.array(), histogram.encodeIntoCompressedByteBuffer(encoded));
        }
    }

    private BookCodec() {}

    /** Describes a book and appends its histograms to {@code attachments}; pass null to describe totals only. */
    public static BookEntry encode(String producer, Phase phase, Book book, List<byte[]> attachments) {
        List<HistogramEntry> histograms = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            if (book.has(metric)) {
                SignedHistogram histogram = book.histogram(metric);
                encode(metric, false, histogram.positive(), histograms, attachments);
                encode(metric, true, histogram.negative(), histograms, attachments);
            }
        }
        return new BookEntry(producer, phase, book.counts().copy(), histograms);
    }

    private static void encode(
            Metric metric, boolean negative, Histogram part, List<HistogramEntry> entries, List<byte[]> attachments) {
        if (part == null || part.getTotalCount() == 0) {
            return;
        }
        entries.add(new HistogramEntry(metric, negative, part.getTotalCount()));
        if (attachments != null) {
            attachments.add(SCRATCH.get().encode(part));
        }
    }

    /**
     * Reads the books of a Progress.
     *
     * @return in the order of {@code entries}
     * @throws IllegalArgumentException if entries and attachments do not fit together, or an attachment is not what its entry says
     */
    public static List<Book> decode(List<BookEntry> entries, List<byte[]> attachments) {
        List<Book> books = new ArrayList<>(entries.size());
        int next = 0;
        for (BookEntry entry : entries) {
            Book book = new Book();
            book.counts().add(entry.counts());
            for (HistogramEntry histogram : entry.histograms()) {
                if (next == attachments.size()) {
                    throw new IllegalArgumentException("an attachment is missing");
                }
                Histogram part = part(histogram, attachments.get(next++));
                if (histogram.metric() != null) {
                    book.histogram(histogram.metric()).add(part, histogram.negative());
                }
            }
            books.add(book);
        }
        if (next != attachments.size()) {
            throw new IllegalArgumentException((attachments.size() - next) + " attachments too many");
        }
        return books;
    }

    private static Histogram part(HistogramEntry entry, byte[] attachment) {
        if (attachment.length > MAX_ATTACHMENT_BYTES) {
            throw new IllegalArgumentException(
                    "an attachment of " + attachment.length + " bytes is no histogram of ours");
        }
        checkHeader(attachment);
        try {
            Histogram part =
                    Histogram.decodeFromCompressedByteBuffer(ByteBuffer.wrap(attachment), SignedHistogram.LIMIT_MICROS);
            if (part.getTotalCount() != entry.values()) {
                throw new IllegalArgumentException(entry.metric() + " holds " + part.getTotalCount()
                        + " values, its entry says " + entry.values());
            }
            return part;
        } catch (DataFormatException | RuntimeException e) {
            throw new IllegalArgumentException("an attachment is no histogram: " + e.getMessage(), e);
        }
    }

    /**
     * The decoder sizes a histogram by what the encoding's own header says, so 34 hostile bytes can ask for 46 MB: the header is read first, and
     * must describe a histogram of ours. Layout (HdrHistogram's V2 encoding): compressed cookie, length; then deflated: cookie, payload
     * length, normalizing offset, digits, lowest (8 bytes), highest (8 bytes), ratio (8 bytes).
     */
    private static void checkHeader(byte[] attachment) {
        byte[] header = new byte[HEADER_BYTES];
        Inflater inflater = new Inflater();
        try {
            inflater.setInput(attachment, Math.min(8, attachment.length), Math.max(0, attachment.length - 8));
            int read = inflater.inflate(header);
            ByteBuffer fields = ByteBuffer.wrap(header);
            if (read < HEADER_BYTES
                    || fields.getInt(12) != SignedHistogram.DIGITS
                    || fields.getLong(16) != 1
                    || fields.getLong(24) != SignedHistogram.LIMIT_MICROS) {
                throw new IllegalArgumentException("an attachment is no histogram of our range and precision");
            }
        } catch (DataFormatException e) {
            throw new IllegalArgumentException("an attachment is no histogram: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }
}

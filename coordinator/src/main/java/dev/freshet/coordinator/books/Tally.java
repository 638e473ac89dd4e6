package dev.freshet.coordinator.books;

import dev.freshet.common.control.ToCoordinator.BookEntry;
import dev.freshet.common.control.ToCoordinator.HistogramEntry;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import java.util.ArrayList;
import java.util.List;

/** The counts of many books, and how many values each of their histograms held: enough to check the totals that an agent names. */
final class Tally {
    private static final Metric[] METRICS = Metric.values();

    private final Counts counts = new Counts();
    private final long[] positives = new long[METRICS.length];
    private final long[] negatives = new long[METRICS.length];

    Counts counts() {
        return counts;
    }

    void add(Book book) {
        counts.add(book.counts());
        for (Metric metric : METRICS) {
            if (book.has(metric)) {
                negatives[metric.ordinal()] += book.histogram(metric).negativeCount();
                positives[metric.ordinal()] += book.histogram(metric).positive().getTotalCount();
            }
        }
    }

    /** What an agent says its books add up to. */
    static Tally of(BookEntry entry) {
        Tally tally = new Tally();
        if (entry.counts() != null) {
            tally.counts.add(entry.counts());
        }
        for (HistogramEntry histogram : entry.histograms()) {
            if (histogram.metric() != null) { // a newer agent may time what this one does not know
                long[] side = histogram.negative() ? tally.negatives : tally.positives;
                side[histogram.metric().ordinal()] += histogram.values();
            }
        }
        return tally;
    }

    /** Each figure in which {@code told} differs from this, as {@code figure is A in its totals, its intervals add up to B}. */
    List<String> differences(Tally told) {
        List<String> differences = new ArrayList<>();
        for (Count count : Count.values()) {
            difference(differences, count.toString(), told.counts.get(count), counts.get(count));
        }
        for (Metric metric : METRICS) {
            int i = metric.ordinal();
            difference(differences, "number of " + metric + " values", told.positives[i], positives[i]);
            difference(differences, "number of negative " + metric + " values", told.negatives[i], negatives[i]);
        }
        return differences;
    }

    private static void difference(List<String> differences, String figure, long told, long added) {
        if (told != added) {
            differences.add(figure + " is " + told + " in its totals, but its intervals add up to " + added);
        }
    }
}

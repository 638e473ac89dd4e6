package dev.freshet.agent.standalone;

import dev.freshet.agent.producer.Sending;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.common.units.Rate;
import java.io.PrintStream;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/**
 * What a standalone producer says at its end.
 *
 * @param book all counts and times of the run
 * @param sending what the publisher did
 * @param t0Nanos when the schedule began, nanoseconds since the epoch
 * @param preparationNanos how long writing a message took, sampled
 */
record ProducerSummary(ProducerOptions options, Book book, Sending sending, long t0Nanos, Histogram preparationNanos) {
    void print(PrintStream out) {
        double seconds = seconds();
        long sent = count(Count.SENT);
        double rate = sent / seconds;
        line(out, "sent", "%d of %d messages of %s", sent, count(Count.SCHEDULED), options.size());
        line(out, "skipped", "%d at the high-water mark, %d cancelled", count(Count.SKIPPED), count(Count.CANCELLED));
        line(
                out,
                "unanswered",
                "%d (%d answered, %d of them late)",
                sent - count(Count.ANSWERED),
                count(Count.ANSWERED),
                count(Count.LATE));
        line(out, "rate", "%.1f/s of %s", rate, target(rate));
        line(out, "throughput", "%.3f Gbps", count(Count.SENT_BYTES) * 8 / seconds / 1e9);
        line(
                out,
                "message preparation",
                "mean %.3f us, P70 %.3f us, P99 %.3f us",
                preparationNanos.getTotalCount() == 0 ? 0 : preparationNanos.getMean() / 1e3,
                preparationNanos.getValueAtPercentile(70) / 1e3,
                preparationNanos.getValueAtPercentile(99) / 1e3);
        line(out, "clock offset", times(Metric.CLOCK_OFFSET));
        line(out, "network delay", times(Metric.NETWORK));
        line(out, "processing", times(Metric.PROCESSING));
        line(out, "total", times(Metric.TOTAL));
        line(out, "lateness", times(Metric.LATENESS));
        strays(out);
        line(out, "measurements", "%s", options.measurementFile());
        line(out, "interface", "%s", options.networkFile());
    }

    private String target(double rate) {
        return options.rate() == null
                ? Rate.UNPACED
                : String.format(
                        Locale.ROOT,
                        "%s (%.1f %%)",
                        options.rate(),
                        100 * rate / options.rate().hertz());
    }

    /** Sending took the time asked for, more if it fell behind, less if it was stopped. */
    private double seconds() {
        long planned = options.duration().toNanos();
        long taken = sending.endNanos() - t0Nanos;
        boolean cutShort = count(Count.CANCELLED) > 0;
        return Math.max(1, cutShort ? taken : Math.max(planned, taken)) / 1e9;
    }

    private void strays(PrintStream out) {
        long strays = count(Count.DUPLICATE_ANSWERS)
                + count(Count.FOREIGN_ANSWERS)
                + count(Count.MALFORMED_ANSWERS)
                + count(Count.IMPOSSIBLE);
        if (strays > 0) {
            line(
                    out,
                    "answers out of place",
                    "%d duplicate, %d foreign, %d malformed; %d with impossible times",
                    count(Count.DUPLICATE_ANSWERS),
                    count(Count.FOREIGN_ANSWERS),
                    count(Count.MALFORMED_ANSWERS),
                    count(Count.IMPOSSIBLE));
        }
    }

    private long count(Count count) {
        return book.counts().get(count);
    }

    private String times(Metric metric) {
        if (!book.has(metric)) {
            return "none";
        }
        SignedHistogram histogram = book.histogram(metric);
        return String.format(
                Locale.ROOT,
                "mean %.3f ms, P50 %.3f ms, P99 %.3f ms",
                histogram.mean() / 1e3,
                histogram.valueAtPercentile(50) / 1e3,
                histogram.valueAtPercentile(99) / 1e3);
    }

    private static void line(PrintStream out, String what, String format, Object... values) {
        out.printf(
                Locale.ROOT,
                "%-22s%s%n",
                what,
                values.length == 0 ? format : String.format(Locale.ROOT, format, values));
    }
}

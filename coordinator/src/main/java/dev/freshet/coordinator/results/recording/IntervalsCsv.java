package dev.freshet.coordinator.results.recording;

import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Metric;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.books.Percentiles;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** {@code intervals.csv}: a row for each interval and phase. A figure that is not known is an empty field. */
final class IntervalsCsv implements Closeable {
    private static final List<Metric> TIMED = List.of(Metric.TOTAL, Metric.RESPONSE_TIME, Metric.LATENESS);

    private final Writer file;
    private final boolean ownConsumers;

    /** @param ownConsumers whether consumers are agents of the run, so that what was received is known */
    IntervalsCsv(Path path, boolean ownConsumers) throws IOException {
        this.ownConsumers = ownConsumers;
        file = Files.newBufferedWriter(path);
        file.write(header());
        file.flush();
    }

    private static String header() {
        StringBuilder header = new StringBuilder("interval,phase,start_utc,scheduled,sent,skipped,cancelled,received,"
                + "answered,measured,late,missing,sent_bytes,received_bytes,rate_hz,bytes_per_s");
        for (Metric metric : TIMED) {
            for (String figure : List.of("p50", "p70", "p90", "p99", "p999", "max")) {
                header.append(',').append(metric).append('_').append(figure).append("_us");
            }
        }
        return header.append('\n').toString();
    }

    void add(IntervalRow row) throws IOException {
        List<Object> fields = new ArrayList<>(List.of(row.interval(), row.phase(), UtcTime.iso(row.startMicros())));
        counts(fields, row.counts());
        TIMED.forEach(metric -> percentiles(fields, row.latency().get(metric)));
        StringBuilder line = new StringBuilder();
        for (Object field : fields) {
            line.append(line.length() == 0 ? "" : ",").append(field == null ? "" : field);
        }
        file.write(line.append('\n').toString());
        file.flush();
    }

    private void counts(List<Object> fields, Counts counts) {
        Long received = ownConsumers ? counts.get(Count.RECEIVED) : null;
        Long receivedBytes = ownConsumers ? counts.get(Count.RECEIVED_BYTES) : null;
        fields.add(counts.get(Count.SCHEDULED));
        fields.add(counts.get(Count.SENT));
        fields.add(counts.get(Count.SKIPPED));
        fields.add(counts.get(Count.CANCELLED));
        fields.add(received);
        fields.add(counts.get(Count.ANSWERED));
        fields.add(counts.get(Count.MEASURED));
        fields.add(counts.get(Count.LATE));
        fields.add(ownConsumers ? counts.get(Count.MISSING) : null);
        fields.add(counts.get(Count.SENT_BYTES));
        fields.add(receivedBytes);
        // an interval is one second, so what came in it is the rate
        fields.add(ownConsumers ? received : counts.get(Count.SENT));
        fields.add(ownConsumers ? receivedBytes : counts.get(Count.SENT_BYTES));
    }

    private static void percentiles(List<Object> fields, Percentiles of) {
        fields.add(of.p50Micros());
        fields.add(of.p70Micros());
        fields.add(of.p90Micros());
        fields.add(of.p99Micros());
        fields.add(of.p999Micros());
        fields.add(of.maxMicros());
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}

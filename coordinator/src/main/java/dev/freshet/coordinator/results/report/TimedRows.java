package dev.freshet.coordinator.results.report;

import dev.freshet.common.measure.Metric;
import dev.freshet.common.measure.SignedHistogram;
import dev.freshet.common.plan.Phase;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.intervals.Heat;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Gives rows what only the histograms know: their heat, and where seconds were joined their percentiles. */
final class TimedRows implements RowHistograms.Rows {
    /** What intervals.csv has percentiles of. */
    private static final Set<Metric> IN_ROWS = EnumSet.of(Metric.TOTAL, Metric.RESPONSE_TIME, Metric.LATENESS);

    private final JoinedRows rows;
    private final List<Heat> heat;
    private final boolean joined;

    /** @param heat of each row, to be set */
    TimedRows(JoinedRows rows, List<Heat> heat) {
        this.rows = rows;
        this.heat = heat;
        this.joined = rows.eachSeconds() > 1;
        if (joined) { // the percentiles of one of the joined seconds are not those of the row
            IN_ROWS.forEach(metric -> rows.forget(metric + "_p"));
        }
    }

    @Override
    public int rowOf(int interval, Phase phase) {
        return rows.rowOf(interval, phase.toString());
    }

    @Override
    public Set<Metric> metrics(int row) {
        return joined ? IN_ROWS : EnumSet.of(heated(row)); // whose contains() takes a metric of a newer version, null
    }

    /** Without response times (unpaced producers have no intended times) the heat is that of the total delays. */
    private Metric heated(int row) {
        return rows.cell("response_time_max_us", row) == null ? Metric.TOTAL : Metric.RESPONSE_TIME;
    }

    @Override
    public void add(int row, Map<Metric, SignedHistogram> timed) {
        SignedHistogram heated = timed.get(heated(row));
        heat.set(row, heated == null ? Heat.NONE : Heat.of(heated));
        if (joined) {
            timed.forEach((metric, histogram) -> percentiles(row, metric, Percentiles.of(histogram)));
        }
    }

    private void percentiles(int row, Metric metric, Percentiles of) {
        rows.set(metric + "_p50_us", row, of.p50Micros());
        rows.set(metric + "_p70_us", row, of.p70Micros());
        rows.set(metric + "_p90_us", row, of.p90Micros());
        rows.set(metric + "_p99_us", row, of.p99Micros());
        rows.set(metric + "_p999_us", row, of.p999Micros());
        rows.set(metric + "_max_us", row, of.maxMicros());
    }
}

package dev.freshet.coordinator.results.report;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/** How the cells of one column become one cell when seconds are joined to one row, known by the column's name. A cell that is not known is null. */
enum Joining {
    /** What names a row. */
    FIRST {
        @Override
        Object join(List<Object> cells) {
            return cells.get(0);
        }
    },
    /** Counts. A sum with a part that is not known is not known. */
    SUM {
        @Override
        Object join(List<Object> cells) {
            return cells.contains(null)
                    ? null
                    : (Object) cells.stream().mapToLong(Joining::whole).sum();
        }
    },
    /** Rates and shares: what is a figure of one second. */
    MEAN {
        @Override
        Object join(List<Object> cells) {
            double mean = cells.stream()
                    .filter(Objects::nonNull)
                    .mapToDouble(cell -> ((Number) cell).doubleValue())
                    .average()
                    .orElse(Double.NaN);
            return Double.isNaN(mean) ? null : (Object) (Math.round(mean * THOUSAND) / THOUSAND);
        }
    },
    /** Figures whose worst second is what matters. */
    LARGEST {
        @Override
        Object join(List<Object> cells) {
            return cells.stream()
                    .filter(Objects::nonNull)
                    .max((one, other) -> Double.compare(((Number) one).doubleValue(), ((Number) other).doubleValue()))
                    .orElse(null);
        }
    };

    private static final double THOUSAND = 1000;
    private static final Pattern RATE = Pattern.compile(".*(_hz|_per_s|_share)|clock_offset_us");
    private static final Pattern WORST = Pattern.compile(".*_us|resident_bytes");
    private static final Pattern NAME = Pattern.compile("interval|phase|start_utc|agent|role");

    /** @param cells at least one */
    abstract Object join(List<Object> cells);

    static Joining of(String column) {
        if (NAME.matcher(column).matches()) {
            return FIRST;
        }
        if (RATE.matcher(column).matches()) {
            return MEAN;
        }
        return WORST.matcher(column).matches() ? LARGEST : SUM;
    }

    private static long whole(Object cell) {
        return ((Number) cell).longValue();
    }
}

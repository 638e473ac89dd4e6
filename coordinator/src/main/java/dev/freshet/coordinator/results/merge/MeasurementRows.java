package dev.freshet.coordinator.results.merge;

import dev.freshet.common.measure.MeasurementCsv;
import java.nio.ByteBuffer;

/**
 * Rows of {@link MeasurementCsv}. The times t1 to t4 and the intended one are moved together, so every difference within a row stays what the
 * agent measured; sizes and delays are copied as they are.
 */
final class MeasurementRows implements RowFormat {
    private static final int COLUMNS = 12;
    private static final int INTENDED_COLUMN = 11;

    @Override
    public String header() {
        return MeasurementCsv.HEADER;
    }

    @Override
    public long convert(byte[] row, int from, int to, long clockOffsetMicros, ByteBuffer into) {
        long t1 = MALFORMED;
        int column = 0;
        int start = from;
        for (int at = from; at <= to; at++) {
            if (at < to && row[at] != ',') {
                continue;
            }
            if (column == COLUMNS || at == start && column != INTENDED_COLUMN) {
                return MALFORMED;
            }
            if (isTime(column) && at > start) { // an unpaced message has no intended time
                long time = number(row, start, at);
                if (time == MALFORMED) {
                    return MALFORMED;
                }
                MeasurementCsv.number(into, time - clockOffsetMicros);
                t1 = column == MeasurementCsv.T1_COLUMN ? time - clockOffsetMicros : t1;
            } else {
                into.put(row, start, at - start);
            }
            if (at < to) {
                into.put((byte) ',');
            }
            column++;
            start = at + 1;
        }
        return column == COLUMNS ? t1 : MALFORMED;
    }

    private static boolean isTime(int column) {
        return column >= MeasurementCsv.T1_COLUMN && column < MeasurementCsv.T1_COLUMN + 4 || column == INTENDED_COLUMN;
    }

    private static long number(byte[] row, int from, int to) {
        if (to - from > 18) {
            return MALFORMED;
        }
        long value = 0;
        for (int at = from; at < to; at++) {
            int digit = row[at] - '0';
            if (digit < 0 || digit > 9) {
                return MALFORMED;
            }
            value = value * 10 + digit;
        }
        return value;
    }
}

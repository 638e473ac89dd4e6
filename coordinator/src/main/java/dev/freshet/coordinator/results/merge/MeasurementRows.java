package dev.freshet.coordinator.results.merge;

import dev.freshet.common.measure.Digits;
import dev.freshet.common.measure.MeasurementCsv;
import java.nio.ByteBuffer;

/**
 * Rows of {@link MeasurementCsv}. The times t1 to t4 and the intended one are moved together, so every difference within a row stays what the
 * agent measured; sizes and delays are copied as they are.
 */
final class MeasurementRows implements RowFormat {
    private static final int COLUMNS = 12;
    private static final int INTENDED_COLUMN = 11;
    private static final int TIMES = 4;
    private static final int TIME_BYTES = 16;

    @Override
    public String header() {
        return MeasurementCsv.HEADER;
    }

    @Override
    public long convert(byte[] row, int from, int to, long clockOffsetMicros, ByteBuffer into) {
        int start = into.position();
        long t1 = convertUsual(row, from, to, clockOffsetMicros, into);
        return t1 == MALFORMED ? convertAny(row, from, to, clockOffsetMicros, into.position(start)) : t1;
    }

    /** A row whose times have sixteen digits, as they have from the year 2001 on; of another, {@link #MALFORMED}. */
    private static long convertUsual(byte[] row, int from, int to, long clockOffsetMicros, ByteBuffer into) {
        int times = passed(row, from, to, MeasurementCsv.T1_COLUMN);
        int others = times + TIMES * (TIME_BYTES + 1);
        if (times < 0 || others > to) {
            return MALFORMED;
        }
        int intended = passed(row, others, to, INTENDED_COLUMN - MeasurementCsv.T1_COLUMN - TIMES);
        boolean unpaced = intended == to;
        if (intended < 0 || !unpaced && to - intended != TIME_BYTES) {
            return MALFORMED;
        }
        into.put(row, from, times - from);
        long t1 = moved(row, times, clockOffsetMicros, into);
        boolean usual = t1 != MALFORMED;
        for (int at = times + TIME_BYTES; usual && at < others; at += TIME_BYTES + 1) {
            into.put((byte) ',');
            usual = row[at] == ',' && (at + 1 == others || moved(row, at + 1, clockOffsetMicros, into) != MALFORMED);
        }
        into.put(row, others, intended - others);
        usual = usual && (unpaced || moved(row, intended, clockOffsetMicros, into) != MALFORMED);
        return usual ? t1 : MALFORMED;
    }

    /** Where the field begins that comes behind so many others, none of which is empty; -1 if there are not so many. */
    private static int passed(byte[] row, int from, int to, int fields) {
        int start = from;
        int left = fields;
        for (int at = from; at < to; at++) {
            if (row[at] == ',') {
                if (at == start) {
                    return -1;
                }
                start = at + 1;
                if (--left == 0) {
                    return start;
                }
            }
        }
        return -1;
    }

    /** Writes a time of sixteen digits as one of sixteen digits, and returns it; {@link #MALFORMED} if it is none. */
    private static long moved(byte[] row, int at, long clockOffsetMicros, ByteBuffer into) {
        long high = Digits.read(row, at);
        long low = Digits.read(row, at + TIME_BYTES / 2);
        long time = high * Digits.EIGHT + low - clockOffsetMicros;
        if (high < 0 || low < 0 || time < Digits.SIXTEEN / 10 || time >= Digits.SIXTEEN) {
            return MALFORMED;
        }
        long movedHigh = time / Digits.EIGHT;
        into.putLong(Digits.of(movedHigh)).putLong(Digits.of(time - movedHigh * Digits.EIGHT));
        return time;
    }

    private static long convertAny(byte[] row, int from, int to, long clockOffsetMicros, ByteBuffer into) {
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
        return column >= MeasurementCsv.T1_COLUMN && column < MeasurementCsv.T1_COLUMN + TIMES
                || column == INTENDED_COLUMN;
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

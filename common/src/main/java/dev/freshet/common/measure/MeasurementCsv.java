package dev.freshet.common.measure;

import dev.freshet.common.time.FourTimestamps;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The measurement file of the streaming contract: one row for each answered message, times in microseconds since the epoch, delays in
 * milliseconds with three decimals.
 *
 * <p>On the path an answer takes: {@link #append} writes straight into a buffer and allocates nothing.
 */
public final class MeasurementCsv {
    /** The columns of one agent's file; the fleet's file is led by {@code agent}. */
    public static final String HEADER = "seq_n,msg_id,t1,t2,t3,t4,message_size,clock_offset_ms,network_delay_ms,"
            + "processing_delay_ms,total_delay_ms,intended";

    /** The place of {@code t1} among the columns of one agent's file. */
    public static final int T1_COLUMN = 2;

    /** The intended time of a message that has none, as it was sent unpaced: an empty column. */
    public static final long NO_TIME = Long.MIN_VALUE;

    /** No row is longer, if {@code msg_id} is not longer than 64 bytes. */
    public static final int MAX_ROW_BYTES = 320;

    private static final byte[] HEADER_LINE = (HEADER + "\n").getBytes(StandardCharsets.US_ASCII);

    private MeasurementCsv() {}

    public static byte[] headerLine() {
        return HEADER_LINE.clone();
    }

    /**
     * Appends one row. The buffer must have {@link #MAX_ROW_BYTES} left.
     *
     * @param idPrefix what stands before the number in {@code msg_id}; empty for a standalone producer
     * @param intendedMicros the intended time, microseconds since the epoch, or {@link #NO_TIME}
     */
    public static void append(
            ByteBuffer to,
            long seq,
            byte[] idPrefix,
            long t1,
            long t2,
            long t3,
            long t4,
            int sizeBytes,
            long intendedMicros) {
        int at = put(to, number(to, to.position(), seq), ',');
        for (byte character : idPrefix) {
            to.put(at++, character);
        }
        at = put(to, number(to, at, seq), ',');
        // times of one row have their upper half in common, but for one row in a hundred seconds of them
        long half = t1 - t1 % Digits.EIGHT;
        long halfDigits = t1 >= Digits.SIXTEEN / 10 && t1 < Digits.SIXTEEN ? Digits.of(t1 / Digits.EIGHT) : 0;
        at = put(to, time(to, at, t1, half, halfDigits), ',');
        at = put(to, time(to, at, t2, half, halfDigits), ',');
        at = put(to, time(to, at, t3, half, halfDigits), ',');
        at = put(to, time(to, at, t4, half, halfDigits), ',');
        at = put(to, number(to, at, sizeBytes), ',');
        at = put(to, millis(to, at, FourTimestamps.half(FourTimestamps.twiceClockOffset(t1, t2, t3, t4))), ',');
        at = put(to, millis(to, at, FourTimestamps.half(FourTimestamps.twiceNetworkDelay(t1, t2, t3, t4))), ',');
        at = put(to, millis(to, at, t3 - t2), ',');
        at = put(to, millis(to, at, t4 - t1), ',');
        at = intendedMicros == NO_TIME ? at : time(to, at, intendedMicros, half, halfDigits);
        to.position(put(to, at, '\n'));
    }

    /** Writes a number in decimal. */
    public static ByteBuffer number(ByteBuffer to, long value) {
        return to.position(number(to, to.position(), value));
    }

    // Each of these writes at a place and returns the one behind: to move the buffer's position with every field would
    // take half as long again.

    private static int put(ByteBuffer to, int at, char character) {
        to.put(at, (byte) character);
        return at + 1;
    }

    /** Writes a time of sixteen digits, of which the first eight are known if it lies in the 100 s from {@code half} on. */
    private static int time(ByteBuffer to, int at, long micros, long half, long halfDigits) {
        long rest = micros - half;
        if (halfDigits == 0 || rest < 0 || rest >= Digits.EIGHT) {
            return number(to, at, micros);
        }
        to.putLong(at, halfDigits).putLong(at + Long.BYTES, Digits.of(rest));
        return at + 2 * Long.BYTES;
    }

    private static int number(ByteBuffer to, int at, long value) {
        if (value < 0 || value >= Digits.SIXTEEN || to.limit() - at < 2 * Long.BYTES) {
            return anyNumber(to, at, value);
        }
        long high = value / Digits.EIGHT;
        if (high == 0) {
            return shortNumber(to, at, value);
        }
        int middle = shortNumber(to, at, high);
        to.putLong(middle, Digits.of(value - high * Digits.EIGHT));
        return middle + Long.BYTES;
    }

    /** Below 100,000,000: all eight digits are written, and what is behind the last one will be written over. */
    private static int shortNumber(ByteBuffer to, int at, long value) {
        long digits = Digits.of(value);
        int zeros = Digits.leadingZeros(digits);
        to.putLong(at, digits << Byte.SIZE * zeros);
        return at + Long.BYTES - zeros;
    }

    private static int anyNumber(ByteBuffer to, int at, long value) {
        int start = value < 0 ? put(to, at, '-') : at;
        long rest = value < 0 ? value : -value; // below zero, as Long.MIN_VALUE has no counterpart above
        int digits = 1;
        for (long above = rest / 10; above < 0; above /= 10) {
            digits++;
        }
        for (int place = start + digits - 1; place >= start; place--) {
            to.put(place, (byte) ('0' - rest % 10));
            rest /= 10;
        }
        return start + digits;
    }

    /** Microseconds as milliseconds with three decimals. */
    private static int millis(ByteBuffer to, int at, long micros) {
        int start = micros < 0 ? put(to, at, '-') : at;
        long positive = Math.abs(micros);
        if (positive < 0 || positive >= Digits.EIGHT) { // below zero is only what has no counterpart above
            long whole = positive < 0 ? -(positive / 1000) : positive / 1000;
            return decimals(to, number(to, start, whole), (int) Digits.of(Math.abs(positive % 1000)));
        }
        long digits = Digits.of(positive); // five of them are whole milliseconds, of which one stays if all are zero
        int zeros = Math.min(4, Digits.leadingZeros(digits));
        to.putLong(start, digits << Byte.SIZE * zeros);
        return decimals(to, start + 5 - zeros, (int) digits);
    }

    /** Writes a point and the last three of four digits. */
    private static int decimals(ByteBuffer to, int at, int digits) {
        to.putInt(at, digits & 0xffffff | '.' << 24);
        return at + Integer.BYTES;
    }
}

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
        number(to, seq).put((byte) ',').put(idPrefix);
        number(to, seq).put((byte) ',');
        number(to, t1).put((byte) ',');
        number(to, t2).put((byte) ',');
        number(to, t3).put((byte) ',');
        number(to, t4).put((byte) ',');
        number(to, sizeBytes).put((byte) ',');
        millis(to, FourTimestamps.half(FourTimestamps.twiceClockOffset(t1, t2, t3, t4)))
                .put((byte) ',');
        millis(to, FourTimestamps.half(FourTimestamps.twiceNetworkDelay(t1, t2, t3, t4)))
                .put((byte) ',');
        millis(to, t3 - t2).put((byte) ',');
        millis(to, t4 - t1).put((byte) ',');
        if (intendedMicros != NO_TIME) {
            number(to, intendedMicros);
        }
        to.put((byte) '\n');
    }

    /** Writes a number in decimal. */
    public static ByteBuffer number(ByteBuffer to, long value) {
        if (value < 0 || value >= Digits.SIXTEEN || to.remaining() < 2 * Long.BYTES) {
            return anyNumber(to, value);
        }
        long high = value / Digits.EIGHT;
        return high == 0
                ? shortNumber(to, value)
                : shortNumber(to, high).putLong(Digits.of(value - high * Digits.EIGHT));
    }

    /** Below 100,000,000: all eight digits are written, and what is behind the last one will be written over. */
    private static ByteBuffer shortNumber(ByteBuffer to, long value) {
        long digits = Digits.of(value);
        int zeros = Digits.leadingZeros(digits);
        int at = to.position();
        return to.putLong(at, digits << 8 * zeros).position(at + 8 - zeros);
    }

    private static ByteBuffer anyNumber(ByteBuffer to, long value) {
        if (value < 0) {
            to.put((byte) '-');
        }
        long rest = value < 0 ? value : -value; // below zero, as Long.MIN_VALUE has no counterpart above
        int digits = 1;
        for (long above = rest / 10; above < 0; above /= 10) {
            digits++;
        }
        int end = to.position() + digits;
        for (int at = end - 1; digits > 0; digits--, at--) {
            to.put(at, (byte) ('0' - rest % 10));
            rest /= 10;
        }
        return to.position(end);
    }

    /** Microseconds as milliseconds with three decimals. */
    private static ByteBuffer millis(ByteBuffer to, long micros) {
        long positive = micros;
        if (micros < 0 && micros != Long.MIN_VALUE) { // that one has no counterpart above zero
            to.put((byte) '-');
            positive = -micros;
        }
        int decimals = (int)
                Digits.of(Math.abs(positive % 1000)); // the last four of eight; the first of them becomes the point
        return number(to, positive / 1000).putInt(decimals & 0xffffff | '.' << 24);
    }
}

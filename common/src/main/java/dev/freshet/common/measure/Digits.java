package dev.freshet.common.measure;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decimal digits eight at a time: eight characters lie in one long, the first in its highest byte, and are made and read in a handful of
 * multiplications instead of eight divisions one after the other.
 */
public final class Digits {
    /** Below it eight digits do. */
    public static final long EIGHT = 100_000_000;

    /** Below it sixteen digits do. */
    public static final long SIXTEEN = EIGHT * EIGHT;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final long ZEROS = 0x3030303030303030L;
    private static final long HIGH_HALVES = 0xf0f0f0f0f0f0f0f0L;

    private Digits() {}

    /**
     * The eight digits of a number, leading zeros included.
     *
     * @param value 0 to 99,999,999
     */
    public static long of(long value) {
        long fours = value / 10_000 << 32 | value % 10_000;
        // 10486 / 2^20 and 103 / 2^10 are a hundredth and a tenth, near enough below 10,000 and 100
        long hundreds = fours * 10486 >>> 20 & 0x0000007f0000007fL;
        long twos = hundreds << 16 | fours - hundreds * 100;
        long tens = twos * 103 >>> 10 & 0x000f000f000f000fL;
        return tens << 8 | twos - tens * 10 | ZEROS;
    }

    /** How many of the eight digits are leading zeros; of 0 it is seven. */
    public static int leadingZeros(long digits) {
        return Math.min(7, Long.numberOfLeadingZeros(digits ^ ZEROS) >>> 3);
    }

    /**
     * Reads eight digits.
     *
     * @param text has eight bytes from {@code at} on
     * @return -1 if one of them is no digit
     */
    public static long read(byte[] text, int at) {
        long digits = (long) LONGS.get(text, at);
        // a digit's upper half is 3, and stays 3 when 6 is added: 0x3a and what follows becomes 0x40
        if ((digits & HIGH_HALVES) != ZEROS || (digits + 0x0606060606060606L & HIGH_HALVES) != ZEROS) {
            return -1;
        }
        long ones = digits - ZEROS;
        long twos = (ones >>> 8 & 0x00ff00ff00ff00ffL) * 10 + (ones & 0x00ff00ff00ff00ffL);
        long fours = (twos >>> 16 & 0x0000ffff0000ffffL) * 100 + (twos & 0x0000ffff0000ffffL);
        return (fours >>> 32) * 10_000 + (fours & 0xffffffffL);
    }
}

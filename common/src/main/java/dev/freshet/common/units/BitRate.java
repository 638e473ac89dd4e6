package dev.freshet.common.units;

import java.util.Locale;

/** Bits per second, as the speed of a network link is told: in powers of ten. */
public final class BitRate {
    private static final String[] UNITS = {"bit/s", "kbit/s", "Mbit/s", "Gbit/s", "Tbit/s"};

    private BitRate() {}

    /** Three digits, and no zeros behind the point: {@code 250 Mbit/s}, {@code 1 Gbit/s}, {@code 62.5 kbit/s}. */
    public static String format(double bitsPerSecond) {
        double value = bitsPerSecond;
        int unit = 0;
        while (value >= 999.5 && unit < UNITS.length - 1) {
            value /= 1000;
            unit++;
        }
        String digits = String.format(Locale.ROOT, value < 9.995 ? "%.2f" : value < 99.95 ? "%.1f" : "%.0f", value);
        return (digits.contains(".") ? digits.replaceAll("\\.?0+$", "") : digits) + " " + UNITS[unit];
    }
}

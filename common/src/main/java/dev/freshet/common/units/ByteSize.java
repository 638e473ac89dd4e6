package dev.freshet.common.units;

import dev.freshet.common.InputException;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes as people write them: {@code 100}, {@code 100B}, {@code 16KiB}, {@code 1.5MiB}, {@code 1GB}. A bare number is bytes. */
public final class ByteSize {
    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *([A-Za-z]*)");
    private static final Map<String, Long> UNITS = Map.of(
            "",
            1L,
            "b",
            1L,
            "kb",
            1_000L,
            "mb",
            1_000_000L,
            "gb",
            1_000_000_000L,
            "kib",
            1L << 10,
            "mib",
            1L << 20,
            "gib",
            1L << 30);

    private ByteSize() {}

    /**
     * @param what the option or key the text came from, for the error
     * @return bytes
     * @throws InputException if the text is not a size, or not a whole number of bytes
     */
    public static long parse(String what, String text) {
        Matcher form = FORM.matcher(text.strip());
        Long unit = form.matches() ? UNITS.get(form.group(2).toLowerCase(Locale.ROOT)) : null;
        if (unit == null) {
            throw new InputException(what + ": '" + text + "' is not a size (examples: 100B, 16KiB, 1MiB, 1.5MB)");
        }
        try {
            return new BigDecimal(form.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new InputException(what + ": '" + text + "' is not a whole number of bytes below 2^63", e);
        }
    }

    /** The shortest exact binary form: 1048576 is {@code 1MiB}, 1000 is {@code 1000B}. What this writes, {@link #parse} reads. */
    public static String format(long bytes) {
        if (bytes != 0 && bytes % (1L << 30) == 0) {
            return (bytes >> 30) + "GiB";
        }
        if (bytes != 0 && bytes % (1L << 20) == 0) {
            return (bytes >> 20) + "MiB";
        }
        if (bytes != 0 && bytes % (1L << 10) == 0) {
            return (bytes >> 10) + "KiB";
        }
        return bytes + "B";
    }

    /** A rate for people, three significant digits, decimal units: {@code 1.05 GB/s}. */
    public static String formatPerSecond(double bytesPerSecond) {
        return humanDecimal(bytesPerSecond) + "/s";
    }

    /** A total for people, three significant digits, decimal units: {@code 10.5 GB}. */
    public static String humanDecimal(double bytes) {
        String[] names = {"B", "kB", "MB", "GB", "TB", "PB"};
        int i = 0;
        double value = bytes;
        while (Math.abs(value) >= 999.5 && i < names.length - 1) {
            value /= 1000;
            i++;
        }
        int decimals = i == 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", value, names[i]);
    }
}

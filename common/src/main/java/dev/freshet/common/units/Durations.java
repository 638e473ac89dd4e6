package dev.freshet.common.units;

import dev.freshet.common.InputException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 10s}, {@code 500ms}, {@code 20us}, {@code 2m}, {@code 1.5h}. A bare number is seconds. */
public final class Durations {
    private static final Pattern FORM = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) *([a-z]*)");
    private static final Map<String, Long> UNIT_NANOS = Map.of(
            "", 1_000_000_000L,
            "s", 1_000_000_000L,
            "ms", 1_000_000L,
            "us", 1_000L,
            "ns", 1L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L);

    private Durations() {}

    /**
     * @param what the option or key the text came from, for the error
     * @throws InputException if the text is not a duration of whole nanoseconds
     */
    public static Duration parse(String what, String text) {
        Matcher form = FORM.matcher(text.strip());
        Long unit = form.matches() ? UNIT_NANOS.get(form.group(2)) : null;
        if (unit == null) {
            throw new InputException(what + ": '" + text + "' is not a duration (examples: 10s, 500ms, 2m, 1.5h)");
        }
        try {
            return Duration.ofNanos(new BigDecimal(form.group(1))
                    .multiply(BigDecimal.valueOf(unit))
                    .longValueExact());
        } catch (ArithmeticException e) {
            throw new InputException(what + ": '" + text + "' is not a whole number of nanoseconds below 292 years", e);
        }
    }

    /** The shortest exact form: {@code 90s}, {@code 1500ms}, {@code 2h}. What this writes, {@link #parse} reads. */
    public static String format(Duration duration) {
        long nanos = duration.toNanos();
        if (nanos % 1_000 != 0) {
            return nanos + "ns";
        }
        if (nanos % 1_000_000 != 0) {
            return nanos / 1_000 + "us";
        }
        if (nanos % 1_000_000_000 != 0) {
            return nanos / 1_000_000 + "ms";
        }
        long seconds = nanos / 1_000_000_000;
        return seconds != 0 && seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds + "s";
    }

    /** Microseconds for people: {@code 87 us}, {@code 1.24 ms}, {@code 2.01 s}. */
    public static String humanMicros(double micros) {
        double size = Math.abs(micros);
        if (size < 999.5) {
            return String.format(Locale.ROOT, "%.0f us", micros);
        }
        if (size < 999_500) {
            return String.format(Locale.ROOT, size < 99_950 ? "%.2f ms" : "%.0f ms", micros / 1e3);
        }
        return String.format(Locale.ROOT, "%.2f s", micros / 1e6);
    }
}

package dev.freshet.common.time;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Moments as the result files write them: always UTC, always as many digits. */
public final class UtcTime {
    private static final DateTimeFormatter MICROS = formatter("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'");
    private static final DateTimeFormatter COMPACT = formatter("uuuuMMdd'T'HHmmss'Z'");

    private UtcTime() {}

    private static DateTimeFormatter formatter(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneOffset.UTC);
    }

    /** {@code 2026-11-23T17:01:02.000250Z}. */
    public static String iso(Instant moment) {
        return MICROS.format(moment);
    }

    /** As {@link #iso(Instant)}, from microseconds since the epoch. */
    public static String iso(long epochMicros) {
        return iso(instant(epochMicros));
    }

    public static Instant instant(long epochMicros) {
        return Instant.EPOCH.plus(epochMicros, ChronoUnit.MICROS);
    }

    /** {@code 20261123T170102Z}: fit for a file's name. */
    public static String compact(Instant moment) {
        return COMPACT.format(moment);
    }
}

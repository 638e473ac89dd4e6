package dev.freshet.coordinator.results.merge;

import dev.freshet.common.time.UtcTime;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;

/** Rows of the interface file: an ISO time, which is moved, and eight counters. They come once a second: clarity goes before speed. */
final class NetworkRows implements RowFormat {
    private static final int COLUMNS = 9;
    private static final DateTimeFormatter ISO = new java.time.format.DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffsetId()
            .toFormatter(java.util.Locale.ROOT);

    @Override
    public String header() {
        return "timestamp,bytes_sent,bytes_recv,packets_sent,packets_recv,errin,errout,dropin,dropout";
    }

    @Override
    public long convert(byte[] row, int from, int to, long clockOffsetMicros, ByteBuffer into) {
        String[] fields = new String(row, from, to - from, StandardCharsets.US_ASCII).split(",", -1);
        if (fields.length != COLUMNS) {
            return MALFORMED;
        }
        for (int i = 1; i < COLUMNS; i++) {
            if (!fields[i].matches("[0-9]{1,20}")) {
                return MALFORMED;
            }
        }
        try {
            long micros = micros(fields[0]) - clockOffsetMicros;
            fields[0] = UtcTime.iso(micros);
            into.put(String.join(",", fields).getBytes(StandardCharsets.US_ASCII));
            return micros;
        } catch (DateTimeException | ArithmeticException e) {
            return MALFORMED; // counted by the caller
        }
    }

    /** A time without a zone is UTC. */
    private static long micros(String text) {
        TemporalAccessor time = ISO.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
        OffsetDateTime moment =
                time instanceof OffsetDateTime zoned ? zoned : ((LocalDateTime) time).atOffset(ZoneOffset.UTC);
        return Math.addExact(Math.multiplyExact(moment.toEpochSecond(), 1_000_000L), moment.getNano() / 1000);
    }
}

package dev.freshet.coordinator.results.merge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.measure.MeasurementCsv;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MeasurementRowsTest {
    private static final long NOW = 1_795_000_000_000_000L;
    private static final String MALFORMED = "malformed";
    private static final List<Integer> TIMES = List.of(2, 3, 4, 5, 11);
    private static final String CHARACTERS = "0123456789,,,.-x:/;@";

    private final MeasurementRows rows = new MeasurementRows();

    private String converted(String row, long clockOffsetMicros) {
        byte[] bytes = ("before" + row + ",behind").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer into = ByteBuffer.allocate(row.length() + RowFormat.MAX_GROWTH_BYTES);
        long time = rows.convert(bytes, 6, 6 + row.length(), clockOffsetMicros, into);
        return time == RowFormat.MALFORMED
                ? MALFORMED
                : time + " " + new String(into.array(), 0, into.position(), StandardCharsets.US_ASCII);
    }

    /** The same, said once more as plainly as can be. */
    private static String expected(String row, long clockOffsetMicros) {
        String[] fields = row.split(",", -1);
        if (fields.length != 12) {
            return MALFORMED;
        }
        for (int i = 0; i < fields.length; i++) {
            boolean unpaced = i == 11 && fields[i].isEmpty();
            if (!unpaced && !fields[i].matches(TIMES.contains(i) ? "[0-9]{1,18}" : ".+")) {
                return MALFORMED;
            }
            if (!unpaced && TIMES.contains(i)) {
                fields[i] = String.valueOf(Long.parseLong(fields[i]) - clockOffsetMicros);
            }
        }
        return fields[2] + " " + String.join(",", fields);
    }

    private static String row(SplittableRandom random) {
        ByteBuffer buffer = ByteBuffer.allocate(MeasurementCsv.MAX_ROW_BYTES);
        long t1 =
                random.nextInt(20) > 0 ? NOW + random.nextInt(1_000_000_000) : random.nextLong(2_000_000_000_000_000L);
        long t2 = t1 + random.nextInt(2_000_000);
        long intended = random.nextInt(4) == 0 ? MeasurementCsv.NO_TIME : t1 - random.nextInt(50);
        byte[] prefix = "p1-".getBytes(StandardCharsets.US_ASCII);
        long seq = random.nextInt(1 << random.nextInt(31));
        MeasurementCsv.append(buffer, seq, prefix, t1, t2, t2 + 50, t1 + random.nextInt(3_000_000), 1000, intended);
        return new String(buffer.array(), 0, buffer.position() - 1, StandardCharsets.US_ASCII);
    }

    @Test
    void times_are_moved_as_exact_arithmetic_has_it() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 20_000; i++) {
            String row = row(random);
            long clockOffsetMicros = random.nextInt(10) > 0
                    ? random.nextLong(-2_000_000, 2_000_000)
                    : random.nextLong(-9_000_000_000_000_000L, 9_000_000_000_000_000L);
            assertThat(converted(row, clockOffsetMicros)).isEqualTo(expected(row, clockOffsetMicros));
        }
    }

    @Test
    void a_damaged_row_is_malformed_or_what_it_says() {
        SplittableRandom random = new SplittableRandom(2);
        for (int i = 0; i < 50_000; i++) {
            StringBuilder row = new StringBuilder(row(random));
            for (int damage = random.nextInt(3); damage >= 0; damage--) {
                int at = random.nextInt(row.length());
                char character = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
                switch (random.nextInt(3)) {
                    case 0 -> row.setCharAt(at, character);
                    case 1 -> row.insert(at, character);
                    default -> row.deleteCharAt(at);
                }
            }
            assertThat(converted(row.toString(), 1_234_567)).isEqualTo(expected(row.toString(), 1_234_567));
        }
    }
}

package dev.freshet.common.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.Cases;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MeasurementCsvTest {
    private static final long NOW = 1_767_225_600_000_000L;

    private static String row(long seq, String prefix, long t1, long t2, long t3, long t4, int size, long intended) {
        ByteBuffer buffer = ByteBuffer.allocate(MeasurementCsv.MAX_ROW_BYTES);
        MeasurementCsv.append(buffer, seq, prefix.getBytes(StandardCharsets.US_ASCII), t1, t2, t3, t4, size, intended);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }

    private static String millis(BigInteger twiceMicros) {
        return new BigDecimal(twiceMicros)
                .divide(BigDecimal.valueOf(2000), 3, RoundingMode.HALF_UP)
                .toPlainString();
    }

    private static String expected(
            long seq, String prefix, long t1, long t2, long t3, long t4, int size, long intended) {
        BigInteger one = BigInteger.valueOf(t1);
        BigInteger two = BigInteger.valueOf(t2);
        BigInteger three = BigInteger.valueOf(t3);
        BigInteger four = BigInteger.valueOf(t4);
        return String.format(
                "%d,%s%d,%d,%d,%d,%d,%d,%s,%s,%s,%s,%d\n",
                seq,
                prefix,
                seq,
                t1,
                t2,
                t3,
                t4,
                size,
                millis(two.subtract(one).add(three).subtract(four)),
                millis(four.subtract(one).subtract(three).add(two)),
                millis(three.subtract(two).shiftLeft(1)),
                millis(four.subtract(one).shiftLeft(1)),
                intended);
    }

    @Test
    void a_row_is_what_exact_arithmetic_gives() {
        Cases.forEach(1000, random -> {
            long seq = Cases.between(random, 0, Long.MAX_VALUE);
            long there = Cases.between(random, -5_000_000, 5_000_000);
            long busy = Cases.between(random, -2_000, 5_000_000);
            long back = Cases.between(random, -5_000_000, 5_000_000);

            long t2 = NOW + there;
            long t3 = t2 + busy;
            long t4 = t3 + back;

            assertThat(row(seq, "p1-", NOW, t2, t3, t4, 1 << 20, NOW - 3))
                    .isEqualTo(expected(seq, "p1-", NOW, t2, t3, t4, 1 << 20, NOW - 3));
        });
    }

    @Test
    void halves_go_away_from_zero_and_small_negatives_keep_their_sign() {
        // offset (1 + 0) / 2 = 0.5 us, delay (5 - 4) / 2 = 0.5 us
        assertThat(row(0, "", 0, 3, 7, 9, 1, 0)).isEqualTo("0,0,0,3,7,9,1,0.001,0.003,0.004,0.009,0\n");
        assertThat(row(0, "", 10, 9, 10, 10, 1, 0)).startsWith("0,0,10,9,10,10,1,-0.001,-0.001,0.001,0.000,");
        assertThat(row(0, "", 1000, 0, 0, 1000, 1, 0)).contains(",-1.000,0.000,0.000,0.000,");
        assertThat(row(0, "", 5000, 2000, 2000, 5001, 1, 0)).contains(",-3.001,0.001,0.000,0.001,");
    }

    @Test
    void no_time_stamps_whatever_make_a_row_that_is_not_a_row() {
        Cases.forEach(1000, random -> {
            long t1 = Cases.between(random, 0, Long.MAX_VALUE);
            long t2 = Cases.between(random, 0, Long.MAX_VALUE);
            long t3 = Cases.between(random, 0, Long.MAX_VALUE);
            long t4 = Cases.between(random, 0, Long.MAX_VALUE);

            assertThat(row(Long.MAX_VALUE, "p".repeat(45), t1, t2, t3, t4, Integer.MAX_VALUE, Long.MAX_VALUE))
                    .matches("[0-9]+,p*[0-9]+(,[0-9]+){5}(,-?[0-9]+\\.[0-9]{3}){4},[0-9]+\n");
        });
    }

    @Test
    void a_number_is_written_as_java_writes_it() {
        Cases.forEach(1000, random -> {
            long value = Cases.between(random, Long.MIN_VALUE, Long.MAX_VALUE);

            ByteBuffer buffer = ByteBuffer.allocateDirect(20);

            MeasurementCsv.number(buffer, value).flip();

            assertThat(StandardCharsets.US_ASCII.decode(buffer).toString()).isEqualTo(Long.toString(value));
        });
    }

    @Test
    void the_header_names_the_contract_s_columns_in_its_order() {
        assertThat(MeasurementCsv.headerLine())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("seq_n,msg_id,t1,t2,t3,t4,message_size,clock_offset_ms,network_delay_ms,"
                        + "processing_delay_ms,total_delay_ms,intended\n");
        assertThat(MeasurementCsv.HEADER.split(",")[MeasurementCsv.T1_COLUMN]).isEqualTo("t1");
    }

    @Test
    void an_unpaced_message_has_no_intended_time() {
        assertThat(row(7, "p1-", NOW, NOW + 10, NOW + 20, NOW + 30, 100, MeasurementCsv.NO_TIME))
                .endsWith(",0.030,\n");
    }
}

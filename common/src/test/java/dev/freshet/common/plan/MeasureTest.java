package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MeasureTest {
    private static long[] taken(String text) {
        Measure measure = Measure.parse("measure", text);
        return LongStream.range(0, 10).filter(measure::takes).toArray();
    }

    @Test
    void all_one_in_n_or_none_of_the_messages_get_a_row() {
        assertThat(taken("all")).hasSize(10);
        assertThat(taken("1/1")).hasSize(10);
        assertThat(taken("1/4")).containsExactly(0, 4, 8);
        assertThat(taken("none")).isEmpty();
    }

    @Test
    void it_is_written_as_it_is_read() {
        for (String text : new String[] {"all", "none", "1/7"}) {
            assertThat(Measure.parse("measure", text)).hasToString(text);
        }
        assertThat(Measure.parse("measure", "1/1")).isEqualTo(Measure.ALL);
    }
}

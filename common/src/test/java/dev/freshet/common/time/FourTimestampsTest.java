package dev.freshet.common.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FourTimestampsTest {
    @Test
    void a_clock_that_is_ahead_shows_as_a_positive_offset_and_not_as_delay() {
        // 40 there, 10 to answer, 40 back; the other clock 1000 ahead
        FourTimestamps exchange = new FourTimestamps(0, 1040, 1050, 90);

        assertThat(exchange.clockOffset()).isEqualTo(1000);
        assertThat(exchange.networkDelay()).isEqualTo(40);
        assertThat(exchange.processingDelay()).isEqualTo(10);
        assertThat(exchange.totalDelay()).isEqualTo(90);
    }

    @Test
    void a_clock_that_steps_gives_a_negative_delay_and_is_not_clamped() {
        assertThat(new FourTimestamps(100, 90, 400, 105).networkDelay()).isEqualTo(-152.5);
    }
}

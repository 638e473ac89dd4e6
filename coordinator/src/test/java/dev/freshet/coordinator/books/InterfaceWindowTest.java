package dev.freshet.coordinator.books;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import org.junit.jupiter.api.Test;

class InterfaceWindowTest {
    private static final long T0_MICROS = 1_700_000_000_000_000L;

    private static NetworkSample at(double seconds) {
        return new NetworkSample(T0_MICROS + Math.round(seconds * 1e6), 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void bytes_of_an_interval_that_a_sample_cuts_are_shared_out_by_time() {
        InterfaceWindow window = new InterfaceWindow(10);
        window.add(1000, null);
        window.add(1000, at(1.25));
        window.add(1000, at(2.25));
        window.add(1000, at(3.5));
        assertThat(window.sentBytes(T0_MICROS)).isEqualTo(2250);
    }

    @Test
    void samples_before_the_start_and_after_the_end_enclose_all_bytes() {
        InterfaceWindow window = new InterfaceWindow(10);
        window.add(700, at(-0.4));
        window.add(300, at(2.3));
        assertThat(window.sentBytes(T0_MICROS)).isEqualTo(1000);
    }

    @Test
    void a_long_run_is_as_exact_at_both_ends_as_a_short_one() {
        InterfaceWindow window = new InterfaceWindow(10);
        for (int interval = 0; interval < 100_000; interval++) {
            window.add(1000, at(interval + 0.5));
        }
        assertThat(window.sentBytes(T0_MICROS)).isEqualTo(99_999_000L);
    }

    @Test
    void one_sample_tells_nothing() {
        InterfaceWindow window = new InterfaceWindow(10);
        window.add(1000, at(0.5));
        assertThat(window.sentBytes(T0_MICROS)).isNull();
    }

    private static NetworkSample carried(double seconds, long sent, long received) {
        return new NetworkSample(T0_MICROS + Math.round(seconds * 1e6), sent, received, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void the_rate_is_that_of_the_time_in_which_messages_were_due() {
        InterfaceWindow window = new InterfaceWindow(4);
        window.add(0, carried(-5, 0, 0)); // long before the start
        window.add(0, carried(1.5, 150, 15));
        window.add(0, carried(2.5, 250, 25));
        window.add(0, carried(3.5, 350, 35));
        window.add(0, carried(4.5, 360, 36)); // what was left in buffers
        assertThat(window.rate()).isEqualTo(new InterfaceRate(2, 100, 10));
    }

    @Test
    void a_run_too_short_for_two_samples_has_no_rate() {
        InterfaceWindow window = new InterfaceWindow(2);
        window.add(0, carried(-1, 0, 0));
        window.add(0, carried(1.5, 150, 15));
        window.add(0, carried(2.5, 150, 15));
        assertThat(window.rate()).isNull();
    }
}

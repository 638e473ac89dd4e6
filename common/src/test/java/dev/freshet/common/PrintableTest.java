package dev.freshet.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
    @Test
    void what_would_forge_a_line_or_talk_to_the_terminal_is_blanked() {
        assertThat(Printable.line("x\n2026 ERROR forged\u001b[31m\u2028y", 100))
                .isEqualTo("x 2026 ERROR forged [31m y");
    }

    @Test
    void what_is_too_long_is_cut() {
        assertThat(Printable.line("abcdef", 3)).isEqualTo("abc");
        assertThat(Printable.line("abc", 3)).isEqualTo("abc");
    }
}

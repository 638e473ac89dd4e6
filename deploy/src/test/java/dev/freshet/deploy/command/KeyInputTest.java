package dev.freshet.deploy.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.common.InputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class KeyInputTest {
    private static ByteArrayInputStream input(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void what_comes_after_the_empty_line_is_left_for_another_reader() throws IOException {
        ByteArrayInputStream input = input("agent p1\nsecret x\n\nrest");
        assertThat(KeyInput.read(input)).containsExactly("agent p1", "secret x");
        assertThat(input.readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("rest");
    }

    @Test
    void the_end_of_input_ends_the_key_too() {
        assertThat(KeyInput.read(input("agent p1\nsecret x"))).containsExactly("agent p1", "secret x");
        assertThat(KeyInput.read(input(""))).isEmpty();
    }

    @Test
    void input_without_an_end_is_not_read_for_ever() {
        assertThatThrownBy(() -> KeyInput.read(input("x".repeat(10_000))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("4096");
    }
}

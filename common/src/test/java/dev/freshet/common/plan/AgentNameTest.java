package dev.freshet.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AgentNameTest {
    @ParameterizedTest
    @ValueSource(strings = {"p1", "P", "9", "producer-daq0.site_2", "totals", "abcdefghijklmnopqrstuvwxyz012345"})
    void a_name_is_a_word_that_a_directory_and_a_message_id_can_bear(String name) {
        assertThat(AgentName.isValid(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "total",
                "..",
                ".hidden",
                "-r",
                "_a",
                "a/b",
                "a|b",
                "a=b",
                "ä",
                "abcdefghijklmnopqrstuvwxyz0123456"
            })
    void anything_else_is_none(String name) {
        assertThat(AgentName.isValid(name)).isFalse();
    }
}

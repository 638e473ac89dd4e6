package dev.freshet.agent.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.wire.Request;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SourceTest {
    private final Source p1 = new Source("p1", Request.idPrefix("p1"), 1000, List.of(), "");

    private static boolean owns(Source source, String id, long seq) {
        byte[] bytes = id.getBytes(StandardCharsets.US_ASCII);
        return source.owns(bytes, bytes.length, seq);
    }

    @Test
    void a_message_is_its_producers_if_prefix_and_number_are() {
        assertThat(owns(p1, "p1-0", 0)).isTrue();
        assertThat(owns(p1, "p1-999", 999)).isTrue();
        assertThat(owns(p1, "p1-41", 42)).isFalse();
        assertThat(owns(p1, "p2-42", 42)).isFalse();
        assertThat(owns(p1, "p1-042", 42)).isFalse();
        assertThat(owns(p1, "xp1-42", 42)).isFalse();
        assertThat(owns(p1, "42", 42)).isFalse();
        assertThat(owns(p1, "2", 42)).isFalse();
    }

    @Test
    void a_number_beyond_the_schedule_is_not() {
        assertThat(owns(p1, "p1-1000", 1000)).isFalse();
    }

    @Test
    void a_producer_whose_ids_are_not_known_may_have_any() {
        Source unknown = new Source("any", null, Long.MAX_VALUE, List.of(), "");
        assertThat(owns(unknown, "abc", 42)).isTrue();
    }
}

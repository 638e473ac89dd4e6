package dev.freshet.deploy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.coordinator.live.Frame;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class EventStreamTest {
    private static EventStream of(String text) {
        return new EventStream(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void frames_come_one_after_the_other_with_their_fields() throws IOException {
        EventStream stream = of("event: row\nid: e-7\ndata: {\"a\": \"ä\"}\n\nevent: status\ndata: {}\n\n");
        assertThat(stream.next()).isEqualTo(new Frame("row", "e-7", "{\"a\": \"ä\"}"));
        assertThat(stream.next()).isEqualTo(new Frame("status", null, "{}"));
        assertThatThrownBy(stream::next).isInstanceOf(EOFException.class);
    }

    @Test
    void comments_retry_and_empty_lines_are_no_frames() throws IOException {
        assertThat(of("retry: 2000\n\n:\n\n: alive\n\n\nunknown: x\nevent: run\ndata: {}\n\n")
                        .next())
                .isEqualTo(new Frame("run", null, "{}"));
    }

    @Test
    void windows_line_ends_a_missing_space_and_data_in_several_lines_are_as_the_standard_has_them() throws IOException {
        assertThat(of("event:row\r\ndata: {\r\ndata:}\r\n\r\n").next()).isEqualTo(new Frame("row", null, "{\n}"));
    }

    @Test
    void a_frame_that_is_cut_off_is_none() {
        assertThatThrownBy(of("event: row\nid: e-1\ndata: {\"a\":")::next).isInstanceOf(EOFException.class);
        assertThatThrownBy(of("event: row\nid: e-1\ndata: {}\n")::next).isInstanceOf(EOFException.class);
    }

    @Test
    void a_line_without_an_end_is_not_kept_for_ever() {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 'x';
            }
        };
        assertThatThrownBy(new EventStream(endless)::next)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("longer than");
    }
}

package dev.freshet.deploy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The feed over real sockets that are cut, silent, slow or full of nonsense. */
@Timeout(60)
class FeedReaderTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private StubCoordinator stub;
    private final ToldRun told = new ToldRun();
    private final RunFeed feed = new RunFeed(Frames.RUN, told, () -> {});

    @BeforeEach
    void start() throws IOException {
        stub = new StubCoordinator();
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    private void read(Duration silence, Duration patience) throws Exception {
        new FeedReader(stub.client(silence), patience, feed::lost).read(feed);
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    @Test
    void a_feed_that_is_cut_in_the_middle_of_a_frame_goes_on_behind_the_last_whole_one() throws Exception {
        String whole = Frames.wire(Frames.run(1), Frames.state(2, "RUNNING"), Frames.row(3, 0), Frames.row(4, 1));
        stub.feeds(whole.substring(0, whole.length() - 40));
        stub.feeds(); // the next one is cut before it says anything
        stub.feeds((lastSeen, out) ->
                write(out, Frames.wire(Frames.row(4, 1), Frames.state(5, "DONE"), Frames.status("done", "", "done"))));
        read(LONG, LONG);
        assertThat(stub.requests()).containsExactly("live null", "live cafe-3", "live cafe-3");
        assertThat(told.lines.stream()
                        .filter(line -> !line.contains("broke off"))
                        .toList())
                .containsExactly("RUNNING", "row 0", "RUNNING", "row 1", "DONE");
        assertThat(told.lines.stream()
                        .filter(line -> line.contains("broke off"))
                        .toList())
                .as("a person is told once")
                .hasSize(1)
                .first()
                .asString()
                .contains(stub.url());
    }

    @Test
    void a_feed_that_falls_silent_is_opened_anew() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        stub.feeds((lastSeen, out) -> {
            write(out, Frames.wire(Frames.state(1, "RUNNING")));
            never.await();
        });
        stub.feeds(Frames.wire(Frames.state(2, "DONE"), Frames.status("done", "", "done")));
        read(Duration.ofSeconds(1), LONG);
        assertThat(stub.requests()).containsExactly("live null", "live cafe-1");
        assertThat(told.lines).anyMatch(line -> line.contains("nothing came for 1 s"));
    }

    @Test
    void a_slow_feed_is_no_broken_one() throws Exception {
        byte[] bytes = Frames.wire(Frames.state(1, "DONE"), Frames.status("done", "", "done"))
                .getBytes(StandardCharsets.UTF_8);
        stub.feeds((lastSeen, out) -> {
            for (int i = 0; i < bytes.length; i += 8) {
                out.write(bytes, i, Math.min(8, bytes.length - i));
                out.flush();
                Thread.sleep(20); // the feed's own pace, which is the matter of this test
            }
        });
        read(Duration.ofMillis(700), LONG);
        assertThat(stub.requests()).hasSize(1);
        assertThat(told.lines).containsExactly("DONE");
    }

    @Test
    void a_coordinator_that_stays_away_is_given_up_and_named() {
        stub.feeds(Frames.wire(Frames.state(1, "RUNNING")));
        assertThatThrownBy(() -> read(LONG, Duration.ofSeconds(2)))
                .isInstanceOf(CoordinatorUnusable.class)
                .hasMessageContaining(stub.url())
                .hasMessageMatching(".*for [23] s now");
        assertThat(stub.requests()).hasSizeGreaterThan(2);
    }

    @Test
    void a_feed_that_cannot_be_read_ends_it_and_is_not_asked_for_again() {
        List<String> wrong = new ArrayList<>(List.of("event: row\nid: cafe-1\ndata: {nonsense\n\n"));
        wrong.add(Frames.wire(Frames.state(1, "DANCING")));
        wrong.add("event: status\ndata: just words\n\n");
        for (String frames : wrong) {
            stub.requests().clear();
            stub.feeds(frames);
            RunFeed fresh = new RunFeed(Frames.RUN, told, () -> {});
            assertThatThrownBy(() -> new FeedReader(stub.client(), LONG, fresh::lost).read(fresh))
                    .isInstanceOf(CoordinatorUnusable.class)
                    .hasMessageContaining(stub.url())
                    .hasMessageContaining("cannot be read");
            assertThat(stub.requests()).hasSize(1);
        }
    }
}

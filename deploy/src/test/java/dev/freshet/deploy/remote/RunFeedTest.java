package dev.freshet.deploy.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.live.Frame;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A run as its listener hears of it, from frames in the order in which a coordinator sends them. */
class RunFeedTest {
    private final ToldRun told = new ToldRun();
    private final RunFeed feed = new RunFeed(Frames.RUN, told, () -> {});

    private void tell(Frame... frames) throws UnreadableAnswer {
        for (Frame frame : frames) {
            feed.frame(frame);
        }
    }

    @Test
    void states_rows_and_events_are_told_in_the_order_of_the_log() throws UnreadableAnswer {
        tell(
                Frames.status("draining", "", null),
                Frames.run(1),
                Frames.state(2, "GATHERING: waiting for p1"),
                Frames.state(3, "RUNNING"),
                Frames.row(4, 0),
                Frames.mark(5, Frames.RUN, "note", "fell behind"),
                Frames.row(6, 1),
                Frames.state(7, "DRAINING: waiting for answers to p1"));
        assertThat(told.lines)
                .containsExactly(
                        "GATHERING: waiting for p1",
                        "RUNNING",
                        "row 0",
                        "note p1 fell behind",
                        "row 1",
                        "DRAINING: waiting for answers to p1");
    }

    @Test
    void a_row_is_what_the_coordinator_told_with_the_agents_parts_in_it() throws UnreadableAnswer {
        AgentInterval first = Frames.agent("p1", 4);
        AgentInterval second = Frames.agent("p2", 4);
        tell(Frames.agents(first, Frames.agent("p3", 3), null, second), Frames.row(1, 4));
        LiveRow row = told.rows.get(0);
        assertThat(row.fleet()).isEqualTo(Frames.fleet(4));
        assertThat(row.agents()).containsExactly(first, second);
        assertThat(row.heat().buckets()).isEqualTo(List.of(3L, 1L, 9L, 99L));
    }

    @Test
    void nothing_is_told_twice_even_if_the_whole_log_comes_again() throws UnreadableAnswer {
        tell(Frames.run(1), Frames.state(2, "RUNNING"), Frames.row(3, 0));
        tell(Frames.run(1), Frames.state(2, "RUNNING"), Frames.row(3, 0), Frames.row(4, 1));
        assertThat(told.lines).containsExactly("RUNNING", "row 0", "row 1");
    }

    @Test
    void what_is_of_another_run_is_not_told() throws UnreadableAnswer {
        tell(Frames.mark(1, "20261122T000000Z-other", "note", "old"), Frames.mark(2, Frames.RUN, "note", "new"));
        assertThat(told.lines).containsExactly("note p1 new");
    }

    @Test
    void what_is_waited_for_in_a_state_comes_from_the_snapshots_once_each() throws UnreadableAnswer {
        tell(
                Frames.state(1, "SYNCING"),
                Frames.status("preparing", "waiting for c1", null), // ahead of the log
                Frames.state(2, "PREPARING"),
                Frames.status("preparing", "waiting for c1", null),
                Frames.status("preparing", "waiting for c1", null),
                Frames.status("preparing", "", null));
        assertThat(told.lines).containsExactly("SYNCING", "PREPARING", "PREPARING: waiting for c1");
    }

    @Test
    void the_share_that_is_merged_comes_from_the_snapshots() throws UnreadableAnswer {
        tell(Frames.state(1, "MERGING"), Frames.status("merging", "", null));
        assertThat(told.lines).containsExactly("MERGING", "merging 0.25");
    }

    @Test
    void it_is_over_when_outcome_and_last_state_are_known() throws UnreadableAnswer {
        tell(Frames.state(1, "MERGING"), Frames.status("done", "", "done"));
        assertThat(feed.isOver()).isFalse(); // the log goes on
        tell(Frames.row(2, 9), Frames.state(3, "DONE"));
        assertThat(feed.isOver()).isTrue();
        assertThat(feed.end().path("run").path("outcome").asText()).isEqualTo("done");
        assertThat(told.lines).containsExactly("MERGING", "row 9", "DONE");
    }

    @Test
    void a_last_state_before_the_outcome_is_not_yet_the_end() throws UnreadableAnswer {
        tell(Frames.state(1, "DONE"), Frames.status("done", "", null));
        assertThat(feed.isOver()).isFalse();
        tell(Frames.status("done", "", "gate_failed"));
        assertThat(feed.isOver()).isTrue();
    }

    @Test
    void an_end_of_the_log_that_was_lost_is_not_waited_for_for_ever() throws UnreadableAnswer {
        tell(Frames.state(1, "RUNNING"));
        for (int second = 0; second < 5; second++) {
            assertThat(feed.isOver()).isFalse();
            tell(Frames.status("done", "", "done"));
        }
        assertThat(feed.isOver()).isTrue();
    }

    @Test
    void an_outcome_that_never_comes_is_not_waited_for_for_ever() throws UnreadableAnswer {
        tell(Frames.state(1, "DONE"));
        for (int second = 0; second < 5; second++) {
            assertThat(feed.isOver()).isFalse();
            tell(Frames.status("done", "", null));
        }
        assertThat(feed.isOver()).isTrue();
        assertThat(feed.end()).isNull();
    }

    @Test
    void a_coordinator_that_has_gone_on_or_was_restarted_has_no_more_to_tell() throws UnreadableAnswer {
        tell(Frames.state(1, "RUNNING"), Frames.status("20261124T000000Z-next", "gathering", "", null));
        assertThat(feed.isOver()).isTrue();
        assertThat(feed.end()).isNull();

        RunFeed other = new RunFeed(Frames.RUN, told, () -> {});
        other.frame(Frames.noRun());
        assertThat(other.isOver()).isTrue();
    }

    @Test
    void frames_that_a_newer_coordinator_has_are_passed_over() throws UnreadableAnswer {
        tell(new Frame("weather", "cafe-1", "{\"sun\":true}"), Frames.state(2, "RUNNING"));
        assertThat(told.lines).containsExactly("RUNNING");
    }

    @Test
    void what_cannot_be_read_is_an_error_and_no_guess() {
        String ours = "{\"run\":\"" + Frames.RUN + "\",";
        for (Frame wrong : List.of(
                new Frame("row", "cafe-1", "{"),
                new Frame("row", "cafe-1", "[]"),
                new Frame("row", "cafe-1", "null"),
                new Frame("row", "cafe-1", ours + "\"fleet\":{}}"),
                new Frame("row", "cafe-1", ours + "\"fleet\":7}"),
                new Frame("row", "cafe-1", Frames.row(1, 1).json().replace("\"interval\":1", "\"interval\":null")),
                new Frame("row", "cafe-1", Frames.row(1, 1).json().replace("\"sent\":99,", "")),
                new Frame("mark", "cafe-1", ours + "\"kind\":null}"),
                Frames.state(1, "DANCING"))) {
            assertThatThrownBy(() -> new RunFeed(Frames.RUN, told, () -> {}).frame(wrong))
                    .as(wrong.json())
                    .isInstanceOf(UnreadableAnswer.class);
        }
        assertThat(told.rows).isEmpty();
    }
}

package dev.freshet.coordinator.live;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshet.common.plan.Phase;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.Heat;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.intervals.Quantiles;
import dev.freshet.coordinator.results.SimulatedRun;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.results.recording.RunRecorder;
import dev.freshet.coordinator.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveFeedTest {
    private static final Quantiles NONE = new Quantiles(null, null, null, null, null, null);

    private final SimulatedRun run = new SimulatedRun();
    private int statusAsked;
    private final LiveFeed feed = new LiveFeed(
            () -> {
                statusAsked++;
                return new CoordinatorStatus("now", null, null);
            },
            List::of,
            () -> "now");

    private static List<Frame> all(Subscription subscription) {
        List<Frame> frames = new ArrayList<>();
        for (Frame frame = subscription.next(); frame != null; frame = subscription.next()) {
            frames.add(frame);
        }
        return frames;
    }

    private static LiveRow row(int interval) {
        return new LiveRow(
                new FleetInterval(
                        interval, Phase.MEASURED, "", 0.0, 0, 0, 0, 0, 0L, 0, 0, 0, 0L, 0, 0L, 0, 0, NONE, NONE, NONE),
                Heat.NONE,
                List.of());
    }

    private static EventLine event(String text) {
        return EventLine.at(Instant.EPOCH, "note", null, text);
    }

    @Test
    void a_newcomer_gets_the_snapshots_and_then_the_log_from_its_beginning() {
        feed.begun("id", run.plan);
        feed.row(row(0));
        feed.event(event("one"));
        feed.row(row(1));
        assertThat(all(feed.subscribe(null, () -> {})))
                .extracting(Frame::event)
                .containsExactly("status", "agents", "run", "row", "mark", "row");
    }

    @Test
    void who_comes_back_gets_what_it_missed_and_who_comes_from_another_coordinator_gets_everything() {
        feed.begun("id", run.plan);
        feed.row(row(0));
        Subscription before = feed.subscribe(null, () -> {});
        String lastSeen = all(before).get(3).id();
        before.close();
        feed.row(row(1));
        assertThat(all(feed.subscribe(lastSeen, () -> {})))
                .extracting(Frame::event)
                .containsExactly("status", "agents", "row");
        for (String stranger : List.of("00000000-1", lastSeen + "9", "x", lastSeen.replace("-", "--"))) {
            assertThat(all(feed.subscribe(stranger, () -> {}))).as(stranger).hasSize(5);
        }
    }

    @Test
    void a_slow_reader_gets_only_the_latest_snapshot_and_no_row_is_left_out() {
        feed.begun("id", run.plan);
        Subscription slow = feed.subscribe(null, () -> {});
        all(slow);
        for (int i = 0; i < 100; i++) {
            feed.row(row(i));
        }
        assertThat(all(slow))
                .extracting(Frame::event)
                .containsOnlyOnce("status")
                .containsOnlyOnce("agents")
                .filteredOn("row"::equals)
                .hasSize(100);
    }

    @Test
    void snapshots_are_not_made_when_nobody_reads() {
        feed.tick();
        feed.row(row(0));
        assertThat(statusAsked).isZero();
        Subscription one = feed.subscribe(null, () -> {});
        Subscription other = feed.subscribe(null, () -> {});
        all(one);
        all(other);
        assertThat(statusAsked).isEqualTo(1);
    }

    @Test
    void the_log_keeps_an_hour_and_what_run_it_is() {
        feed.begun("id", run.plan);
        for (int i = 0; i < FeedLog.MAX_ROWS + 10; i++) {
            feed.row(row(i));
        }
        List<Frame> frames = all(feed.subscribe(null, () -> {}));
        assertThat(frames).hasSize(3 + FeedLog.MAX_ROWS);
        assertThat(frames.get(2).event()).isEqualTo("run");
        assertThat(frames.get(3).json()).contains("\"interval\":10,");
    }

    @Test
    void another_run_begins_another_log() {
        feed.begun("one", run.plan);
        feed.row(row(0));
        Subscription reader = feed.subscribe(null, () -> {});
        all(reader);
        feed.begun("two", run.plan);
        feed.event(event("of two"));
        assertThat(all(reader)).extracting(Frame::event).containsExactly("status", "agents", "run", "mark");
        assertThat(all(feed.subscribe(null, () -> {}))).hasSize(4);
    }

    @Test
    void whoever_waits_is_told_of_everything_new_until_it_leaves() {
        List<String> told = new ArrayList<>();
        Subscription reader = feed.subscribe(null, () -> told.add("new"));
        feed.begun("id", run.plan);
        feed.state(RunState.GATHERING, "");
        feed.row(row(0));
        feed.event(event("x"));
        assertThat(told).hasSize(4);
        reader.close();
        feed.tick();
        assertThat(told).hasSize(4);
        assertThat(feed.subscribers()).isZero();
    }

    @Test
    void a_row_of_the_feed_says_what_the_same_row_of_intervals_csv_says(@TempDir Path directory) throws IOException {
        feed.begun("id", run.plan);
        try (RunRecorder recorder = new RunRecorder(directory)) {
            recorder.start(SimulatedRun.T0_MICROS);
            run.play();
            for (IntervalRow row : run.rows) {
                recorder.row(row, run.live(row));
                feed.row(run.live(row));
            }
        }
        List<String> lines = Files.readAllLines(directory.resolve("intervals.csv"));
        List<JsonNode> rows = new ArrayList<>();
        for (Frame frame : all(feed.subscribe(null, () -> {}))) {
            if (frame.event().equals("row")) {
                rows.add(new ObjectMapper().readTree(frame.json()).get("fleet"));
            }
        }
        assertThat(rows).hasSize(lines.size() - 1).isNotEmpty();
        String[] columns = lines.get(0).split(",");
        for (int i = 0; i < rows.size(); i++) {
            String[] cells = lines.get(i + 1).split(",", -1);
            assertThat(rows.get(i)).hasSize(columns.length);
            for (int c = 0; c < columns.length; c++) {
                JsonNode told = rows.get(i).get(columns[c]);
                assertThat(told.isNull() ? "" : told.asText()).as(columns[c]).isEqualTo(cells[c]);
            }
        }
    }
}

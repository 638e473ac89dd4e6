package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.common.InputException;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.units.Rate;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.intervals.FleetInterval;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.RunResult;
import dev.freshet.coordinator.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rate of a run is changed while it goes on: agents as processes, real sockets, and the files that it leaves. */
@Timeout(180)
@Tag("once")
class RateChangeTest {
    private static final long PATIENCE_SECONDS = 60;

    @TempDir
    private Path directory;

    private final Coordinator coordinator = new Coordinator("127.0.0.1", 0, "test", null);
    private final List<FreshetProcess> agents = new ArrayList<>();
    private final BlockingQueue<FleetInterval> rows = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> runId = new CompletableFuture<>();
    private CompletableFuture<RunResult> run;
    private int doubledFrom;
    private int halvedFrom;

    @AfterEach
    void end() {
        agents.forEach(FreshetProcess::close);
        coordinator.close();
    }

    private FreshetProcess agent(String name, String role) throws IOException {
        FreshetProcess agent = FreshetProcess.start(
                Files.createDirectories(directory.resolve(name)),
                "agent",
                "--launched",
                "--role",
                role,
                "--name",
                name,
                "--coordinator",
                coordinator.endpoint());
        agents.add(agent);
        return agent;
    }

    private void begin(String... plan) throws Exception {
        PlanBuilder builder = new PlanBuilder();
        for (int i = 0; i < plan.length; i += 2) {
            builder.set("test", plan[i], plan[i + 1]);
        }
        RunRequest request = coordinator
                .gather(builder.build(), directory.resolve("results"), Duration.ofSeconds(PATIENCE_SECONDS))
                .get(PATIENCE_SECONDS + 10, TimeUnit.SECONDS);
        run = coordinator.run(request, new Watch());
    }

    private final class Watch implements RunListener {
        @Override
        public void begun(String id, dev.freshet.common.plan.Plan plan) {
            runId.complete(id);
        }

        @Override
        public void state(RunState state, String detail) {}

        @Override
        public void row(LiveRow row) {
            rows.add(row.fleet());
        }

        @Override
        public void event(EventLine event) {}

        @Override
        public void merging(double share) {}
    }

    private void awaitInterval(int interval) throws InterruptedException {
        FleetInterval row;
        do {
            row = rows.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(row).as("a row within %d s", PATIENCE_SECONDS).isNotNull();
        } while (row.interval() < interval);
    }

    private int adjust(String rate) throws Exception {
        return coordinator
                .adjustRun(runId.get(PATIENCE_SECONDS, TimeUnit.SECONDS), Rate.parse("rate", rate))
                .get(10, TimeUnit.SECONDS);
    }

    private void isRefused(String rate, String because) {
        assertThatThrownBy(() -> adjust(rate))
                .hasCauseInstanceOf(InputException.class)
                .hasMessageContaining(because);
    }

    private Results results() throws Exception {
        RunResult result = run.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        assertThat(result.directory()).as(result.reasons().toString()).isNotNull();
        return new Results(result.directory());
    }

    private long rate(int second) {
        return second > 12 ? 0 : second >= doubledFrom && second < halvedFrom ? 600 : 300;
    }

    /** How many messages were intended in each second; the first measured one in the first after a second of warm-up. */
    private static Map<Integer, Long> dueIn(List<Map<String, String>> measurements) {
        long first = measurements.stream()
                .mapToLong(row -> Long.parseLong(row.get("intended")))
                .min()
                .orElseThrow();
        return measurements.stream()
                .collect(Collectors.groupingBy(
                        row -> 1 + (int) ((Long.parseLong(row.get("intended")) - first) / 1_000_000),
                        Collectors.counting()));
    }

    @Test
    void a_rate_that_is_doubled_and_halved_in_mid_run_shows_in_every_figure() throws Exception {
        agent("p1", "producer");
        agent("p2", "producer");
        agent("c1", "consumer");
        begin("rate", "300/s", "agents", "2", "size", "1KiB", "duration", "12s", "warmup", "1s", "weights", "2,1");
        awaitInterval(0);
        doubledFrom = adjust("600/s");
        isRefused("600/s", "rate: it is 600/s already, from second " + doubledFrom + " on");
        isRefused("2147483647/s", "cannot be kept exactly");
        awaitInterval(doubledFrom);
        halvedFrom = adjust("300/s");
        awaitInterval(10);
        isRefused("100/s", "rate: too late for 100/s");

        Results results = results();
        isRefused("100/s", "is not in progress");
        assertThat(doubledFrom).isGreaterThan(1);
        assertThat(halvedFrom).isBetween(doubledFrom + 1, 11);
        long wanted = 300 * 12 + 300L * (halvedFrom - doubledFrom);
        JsonNode summary = results.summary();
        assertThat(results.ledger("scheduled")).isEqualTo(wanted);
        assertThat(summary.get("ledger").get("balanced").asBoolean()).isTrue();
        assertThat(results.ledger("measured")).isEqualTo(wanted);
        assertThat(summary.get("target").get("rate_hz").asDouble()).isCloseTo(wanted / 12.0, within(1e-9));
        assertThat(results.agent("p1").get("rate_hz").asDouble()).isCloseTo(wanted / 18.0, within(1e-9));
        assertThat(results.agent("p2").get("ledger").get("scheduled").asLong()).isEqualTo(wanted / 3);
        assertThat(summary.get("environment").get("rate_changes").toString())
                .isEqualTo("[{\"from_s\":" + doubledFrom + ",\"rate_hz\":600.0},{\"from_s\":" + halvedFrom
                        + ",\"rate_hz\":300.0}]");
        assertThat(summary.get("verdict").get("reasons").toString()).doesNotContain("missed", "too late");
        for (Map<String, String> row : results.csv("intervals.csv")) {
            int interval = Integer.parseInt(row.get("interval"));
            if (row.get("phase").equals(interval < 1 ? "warmup" : "measured")) {
                assertThat(Double.parseDouble(row.get("target_hz")))
                        .as("%s", row)
                        .isEqualTo(rate(interval));
            }
        }
        assertThat(dueIn(results.csv("agents/p1/measurements.csv")))
                .isEqualTo(IntStream.range(1, 13)
                        .boxed()
                        .collect(Collectors.toMap(Function.identity(), second -> rate(second) * 2L / 3)));
        assertThat(Files.readString(results.directory().resolve("events.jsonl")))
                .contains("\"kind\":\"rate\",\"text\":\"600/s from second " + doubledFrom + " on\"");
        assertThat(Files.readString(results.directory().resolve("plan.yaml"))).contains("rate: 300/s");
    }

    @Test
    void a_change_that_is_asked_for_in_the_warm_up_holds_from_its_end_on() throws Exception {
        agent("p1", "producer");
        agent("c1", "consumer");
        begin("rate", "100/s", "agents", "1", "size", "1KiB", "duration", "2s", "warmup", "4s");
        awaitInterval(0);
        assertThat(adjust("250/s")).isEqualTo(4);
        assertThat(adjust("500/s")).isEqualTo(4);

        Results results = results();
        assertThat(results.ledger("scheduled")).isEqualTo(1000);
        assertThat(results.ledger("measured")).isEqualTo(1000 - results.ledger("skipped"));
        assertThat(results.summary()
                        .get("environment")
                        .get("warmup_ledger")
                        .get("scheduled")
                        .asLong())
                .isEqualTo(400);
        assertThat(results.summary().get("target").get("rate_hz").asDouble()).isEqualTo(500);
    }

    @Test
    void a_producer_that_hears_of_a_change_too_late_says_so_and_its_books_still_balance() throws Exception {
        FreshetProcess stalled = agent("p1", "producer");
        agent("p2", "producer");
        agent("c1", "consumer");
        begin("rate", "400/s", "agents", "2", "size", "1KiB", "duration", "9s", "warmup", "0s");
        awaitInterval(0);
        FreshetProcess.signal(stalled.handle(), "STOP");
        int from = adjust("200/s");
        TimeUnit.SECONDS.sleep(3); // so that it surely is too late: the length of the stop is the claim
        FreshetProcess.signal(stalled.handle(), "CONT");

        Results results = results();
        long wanted = 400L * from + 200L * (9 - from);
        assertThat(results.ledger("scheduled")).isEqualTo(wanted);
        assertThat(results.summary().get("ledger").get("balanced").asBoolean()).isTrue();
        assertThat(results.ledger("lost")).isZero();
        assertThat(results.summary().get("verdict").get("status").asText()).isEqualTo("DEGRADED");
    }
}

package dev.freshet.coordinator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.live.AgentStatus;
import dev.freshet.coordinator.live.CoordinatorStatus;
import dev.freshet.coordinator.results.GateResult;
import dev.freshet.coordinator.results.LedgerFigures;
import dev.freshet.coordinator.results.Outcome;
import dev.freshet.coordinator.results.RunStatus;
import dev.freshet.coordinator.results.Summary.Clock;
import dev.freshet.coordinator.results.Summary.Load;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScrapeTest {
    private static final LedgerFigures LEDGER =
            new LedgerFigures(1000, 990, 10, 0, null, null, 980, null, 975, 5, true);

    private static CoordinatorStatus coordinator(RunStatus run) {
        return new CoordinatorStatus(
                "2026-11-23T17:00:01Z",
                new CoordinatorStatus.About("0.1.0", "2026-11-23T17:00:00Z", "tcp://127.0.0.1:5550", 2, "open"),
                run);
    }

    private static RunStatus run(Outcome outcome) {
        return new RunStatus(
                new RunStatus.Run(
                        "20261123T170000Z-a",
                        "a \"b\"\\",
                        "running",
                        outcome,
                        null,
                        "",
                        "2026-11-23T17:00:00Z",
                        null,
                        null),
                null,
                new Load(1000.0, 1024.0, 10.0, 1_024_000.0, null),
                new Load(990.5, 1024.0, 4.0, 1_014_272.0, "received"),
                LEDGER,
                Map.of(
                        "response_time",
                        new Percentiles(975, 0, 900.0, 100L, 800L, 1000L, 2000L, 5000L, 9000L, 12_000L),
                        "network",
                        Percentiles.NONE),
                List.of(new GateResult("loss == 0", 0.0, true, null), new GateResult("late == 0", 5.0, false, null)),
                new RunStatus.Progress("measured", 4.5, 10, 0, 2, 2, List.of()));
    }

    private static AgentStatus agent(String name, Role role, String state) {
        boolean producer = role == Role.PRODUCER;
        return new AgentStatus(
                name,
                role,
                "host",
                1,
                "0.1.0",
                "eth0",
                "10.0.0.1",
                10_000_000_000L,
                4,
                state,
                250,
                new Clock(-12.5, 30, null, 100, 0),
                List.of(),
                producer ? second(name) : null,
                producer ? LEDGER : null,
                null);
    }

    private static AgentInterval second(String agent) {
        return new AgentInterval(
                4,
                Phase.MEASURED,
                agent,
                Role.PRODUCER,
                500.0,
                500L,
                495L,
                5L,
                0L,
                null,
                490L,
                490L,
                0L,
                null,
                495,
                506_880,
                700L,
                4000L,
                5000L,
                20L,
                60L,
                90L,
                null,
                null,
                0.25,
                3L,
                104_857_600L,
                -12.5,
                30.0);
    }

    private static String scrape(RunStatus run, AgentStatus... agents) {
        return Scrape.text(coordinator(run), List.of(agents), 3);
    }

    @Test
    void figures_come_in_base_units_and_what_is_not_known_is_left_out() {
        String text = scrape(run(null), agent("p1", Role.PRODUCER, "running"), agent("c1", Role.CONSUMER, "idle"));
        assertThat(text.lines())
                .contains(
                        "freshet_feed_subscribers 3.0",
                        "freshet_coordinator_start_time_seconds 1.7954532E9",
                        "freshet_agents{role=\"producer\",state=\"running\"} 1.0",
                        "freshet_agents{role=\"consumer\",state=\"lost\"} 0.0",
                        "freshet_run_current{name=\"a \\\"b\\\"\\\\\",run=\"20261123T170000Z-a\"} 1.0",
                        "freshet_run_state{state=\"running\"} 1.0",
                        "freshet_run_state{state=\"done\"} 0.0",
                        "freshet_run_target_messages_per_second 1000.0",
                        "freshet_run_achieved_messages_per_second 990.5",
                        "freshet_run_achieved_bytes_per_second 1014272.0",
                        "freshet_run_messages_total{account=\"sent\"} 990.0",
                        "freshet_run_gates{result=\"failed\"} 1.0",
                        "freshet_run_elapsed_seconds 4.5",
                        "freshet_agent_clock_error_seconds{agent=\"p1\",role=\"producer\"} 3.0E-5",
                        "freshet_agent_heartbeat_age_seconds{agent=\"c1\",role=\"consumer\"} 0.25",
                        "freshet_agent_messages_per_second{agent=\"p1\",role=\"producer\"} 495.0",
                        "# TYPE freshet_run_messages_total counter",
                        "# TYPE freshet_run_latency_seconds gauge",
                        "freshet_run_latency_seconds{metric=\"response_time\",quantile=\"0.99\"} 0.005");
        assertThat(text)
                .doesNotContain("account=\"received\"", "metric=\"network\"", "freshet_run_outcome", "NaN")
                .doesNotContain("freshet_agent_messages_per_second{agent=\"c1\"");
    }

    @Test
    void an_agent_that_is_gone_is_gone_from_the_next_scrape() {
        assertThat(scrape(null, agent("p1", Role.PRODUCER, "lost")))
                .contains("freshet_agent_up{agent=\"p1\",role=\"producer\"} 0.0");
        assertThat(scrape(run(Outcome.AGENTS_LOST)))
                .contains("freshet_run_outcome{outcome=\"agents_lost\"} 1.0", "freshet_agents{")
                .doesNotContain("p1");
    }

    @Test
    void every_metric_is_documented() throws IOException {
        String documented = Files.readString(Path.of("..", "docs", "api.md"));
        scrape(run(Outcome.DONE), agent("p1", Role.PRODUCER, "running"))
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .forEach(metric -> assertThat(documented).contains("`" + metric + "`"));
        Stream<String> named = Pattern.compile("`(freshet_[a-z0-9_]+[a-z0-9])`")
                .matcher(documented)
                .results()
                .map(found -> found.group(1));
        assertThat(named)
                .allMatch(metric -> scrape(run(Outcome.DONE), agent("p1", Role.PRODUCER, "running"))
                        .contains("# TYPE " + metric + " "));
    }
}

package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run whose ports, all of them, are visited by strangers of every kind while it measures. */
@Timeout(180)
class StrangersTest {
    private static final int COUNT = 600;
    private static final int SECONDS = 3;
    private static final int MAX_LINES = 5;

    /** A process that runs fills its nursery meanwhile, of 32 MB at most, strangers or not; a leak would go on from there. */
    private static final long MAX_GROWTH_BYTES = 48L << 20;

    @TempDir
    private Path directory;

    private static int descriptors(ProcessFacts process) {
        try {
            return process.descriptors();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void a_run_goes_on_as_if_nobody_had_come() throws Exception {
        Strangers strangers = new Strangers();
        try (FreshetProcess freshet = FreshetProcess.start(
                directory,
                "run",
                "--no-page",
                "--agents",
                "2",
                "--rate",
                "200/s",
                "--size",
                "16KiB",
                "--duration",
                "20s",
                "--warmup",
                "1s")) {
            freshet.awaitStderr("measured"); // by then all files of the run are open
            List<ProcessFacts> processes =
                    new ArrayList<>(List.of(new ProcessFacts(freshet.handle().pid())));
            for (String agent : List.of("p1", "p2", "c1")) {
                processes.add(new ProcessFacts(freshet.agent(agent).pid()));
            }
            List<Integer> ports = new ArrayList<>();
            Map<ProcessFacts, Integer> descriptorsBefore = new HashMap<>();
            Map<ProcessFacts, Long> residentBefore = new HashMap<>();
            for (ProcessFacts process : processes) {
                ports.addAll(process.listeningPorts());
                descriptorsBefore.put(process, process.descriptors());
                residentBefore.put(process, process.residentBytes());
            }
            assertThat(ports)
                    .as("control, two data, two start, two answer ports")
                    .hasSize(7);

            strangers.come(COUNT, SECONDS, ports);
            strangers.leave();

            for (ProcessFacts process : processes) {
                freshet.await(
                        "the descriptors of process " + process.pid() + " to be as before",
                        () -> descriptors(process) <= descriptorsBefore.get(process));
                assertThat(process.residentBytes() - residentBefore.get(process))
                        .as("growth of process " + process.pid() + " (coordinator: "
                                + freshet.handle().pid() + ") in bytes")
                        .isLessThan(MAX_GROWTH_BYTES);
            }
            assertThat(freshet.exitCode()).as(freshet.stderr()).isZero();
            Results results = new Results(freshet.results());
            assertThat(results.summary().get("ledger").get("balanced").asBoolean())
                    .isTrue();
            assertThat(results.ledger("scheduled")).isEqualTo(4_000);
            assertThat(results.ledger("lost")).isZero();
            assertThat(results.ledger("measured")).isEqualTo(4_000 - results.ledger("skipped"));
            assertThat(freshet.stderr().lines().filter(line -> line.contains("WARN") || line.contains("ERROR")))
                    .as(freshet.stderr())
                    .hasSizeBetween(1, MAX_LINES);
        }
    }
}

package dev.freshet.agent.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.agent.FreePorts;
import dev.freshet.agent.monitor.NetworkCsv;
import dev.freshet.agent.monitor.NetworkInterfaces;
import dev.freshet.agent.producer.PeerPrograms;
import dev.freshet.common.InputException;
import dev.freshet.common.plan.Engine;
import dev.freshet.common.plan.Measure;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.plan.Waiting;
import dev.freshet.common.units.Rate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StandaloneProducerTest {
    @TempDir
    Path directory;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    private StandaloneProducer producer(ProducerOptions options) {
        return new StandaloneProducer(options, new PrintStream(printed, true, StandardCharsets.UTF_8));
    }

    private ProducerOptions options(int dataPort, int vizPort, int controlPort, boolean cache, boolean debug) {
        return new ProducerOptions(
                Rate.perSecond(200),
                Duration.ofSeconds(1),
                SizeMix.single(10_000),
                dataPort,
                vizPort,
                controlPort,
                "127.0.0.1",
                NetworkInterfaces.resolve("-i", null).name(),
                directory,
                1,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                cache,
                debug);
    }

    private String text() {
        return printed.toString(StandardCharsets.UTF_8);
    }

    private String awaitPrinted(String beginning) {
        long deadline = System.nanoTime() + 10_000_000_000L;
        while (true) {
            for (String line : text().split("\n")) {
                if (line.startsWith(beginning) && text().contains(line + "\n")) {
                    return line;
                }
            }
            assertThat(System.nanoTime())
                    .as("waited 10 s for '" + beginning + "' in: " + text())
                    .isLessThan(deadline);
            LockSupport.parkNanos(5_000_000);
        }
    }

    private static CompletableFuture<Integer> running(StandaloneProducer producer) {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        new Thread(
                        () -> {
                            try {
                                exit.complete(producer.run());
                            } catch (InterruptedException | RuntimeException e) {
                                exit.completeExceptionally(e);
                            }
                        },
                        "main")
                .start();
        return exit;
    }

    private static String portIn(String line) {
        return line.substring(line.lastIndexOf(':') + 1).strip();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void a_pyzmq_consumer_answers_every_message_and_the_summary_says_so(boolean cacheAndDebug) throws Exception {
        int vizPort = FreePorts.next();
        StandaloneProducer producer = producer(options(0, vizPort, 0, cacheAndDebug, cacheAndDebug));
        CompletableFuture<Integer> exit = running(producer);
        String dataPort = portIn(awaitPrinted("publishing on"));
        String controlPort = portIn(awaitPrinted("waiting for 'start'"));
        List<String> command = new ArrayList<>(PeerPrograms.consumerPeer());
        command.addAll(List.of("--seconds", "3", "--viz-port", Integer.toString(vizPort)));
        command.addAll(List.of("--data-port", dataPort, "--control-port", controlPort));
        try (PeerPrograms.Running consumer = PeerPrograms.start(command)) {
            assertThat(exit.get(20, TimeUnit.SECONDS)).as(text()).isEqualTo(StandaloneProducer.EXIT_DONE);
            assertThat(consumer.await(20)).contains("reply='start'", "requests=200 answered=200 malformed=0");
        }
        assertThat(text())
                .contains("sent                  200 of 200", "unanswered            0 (200 answered, 0 of them late)")
                .containsPattern("message preparation +mean [0-9.]+ us, P70 [0-9.]+ us, P99 [0-9.]+ us")
                .containsPattern("total +mean [0-9.]+ ms, P50 [0-9.]+ ms, P99 [0-9.]+ ms")
                .containsPattern("rate +[0-9.]+/s of 200/s \\([0-9.]+ %\\)")
                .containsPattern("throughput +0\\.0[0-9]+ Gbps")
                .doesNotContain("out of place");
        assertThat(text().contains("sent seq_n=0 channel=0")).isEqualTo(cacheAndDebug);
        assertThat(text().contains("second 0: sent ")).isEqualTo(cacheAndDebug);
        List<String> rows = Files.readAllLines(directory.resolve("producer_measurements.csv"));
        assertThat(rows).hasSize(201);
        assertThat(rows.get(1)).startsWith("0,0,");
        List<String> samples = Files.readAllLines(directory.resolve("network.csv"));
        assertThat(samples.get(0)).isEqualTo(NetworkCsv.HEADER);
        assertThat(samples)
                .as("one at the start, one at the end, and one a second")
                .hasSizeGreaterThanOrEqualTo(3);
    }

    @Test
    void stopped_while_it_waits_for_start_it_ends_at_once_with_its_books() throws Exception {
        StandaloneProducer producer = producer(options(0, 1, 0, false, false));
        CompletableFuture<Integer> exit = running(producer);
        awaitPrinted("waiting for 'start'");
        producer.stop();
        assertThat(exit.get(10, TimeUnit.SECONDS)).isEqualTo(StandaloneProducer.EXIT_INTERRUPTED);
        assertThat(text()).contains("sent                  0 of 200", "200 cancelled", "note: stopped: interrupted");
    }

    @Test
    void a_taken_data_port_is_named_and_nothing_is_written() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            StandaloneProducer producer = producer(options(taken.getLocalPort(), 1, 0, false, false));
            assertThatThrownBy(producer::run)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("data port: port " + taken.getLocalPort() + " on * is in use");
        }
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void output_is_a_file_if_it_ends_in_csv_and_a_directory_otherwise() {
        assertThat(output("runs/a.csv").measurementFile()).isEqualTo(Path.of("runs/a.csv"));
        assertThat(output("runs/a.csv").networkFile()).isEqualTo(Path.of("runs/network.csv"));
        assertThat(output("runs").measurementFile()).isEqualTo(Path.of("runs/producer_measurements.csv"));
        assertThat(output(null).measurementFile()).isEqualTo(Path.of("producer_measurements.csv"));
        assertThat(output(null).networkFile()).isEqualTo(Path.of("network.csv"));
    }

    private static ProducerOptions output(String output) {
        return new ProducerOptions(
                Rate.perSecond(1),
                Duration.ofSeconds(1),
                SizeMix.single(1),
                5555,
                5556,
                5557,
                "127.0.0.1",
                null,
                output == null ? null : Path.of(output),
                1,
                Engine.DIRECT,
                Waiting.HYBRID,
                Measure.ALL,
                false,
                false);
    }

    @Test
    void channels_that_do_not_fit_below_the_last_port_are_refused() {
        assertThatThrownBy(() -> new ProducerOptions(
                        Rate.perSecond(1),
                        Duration.ofSeconds(1),
                        SizeMix.single(1),
                        65535,
                        5556,
                        5557,
                        "127.0.0.1",
                        null,
                        null,
                        2,
                        Engine.DIRECT,
                        Waiting.HYBRID,
                        Measure.ALL,
                        false,
                        false))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("-data-port: 65535");
    }
}

package dev.freshet.agent.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshet.agent.FreePorts;
import dev.freshet.common.InputException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Against a producer on libzmq that was written apart from this project. */
class StandaloneConsumerTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private Process producer;
    private StandaloneConsumer consumer;

    @AfterEach
    void end() {
        if (consumer != null) {
            consumer.stop();
        }
        if (producer != null) {
            producer.destroyForcibly();
        }
    }

    private StandaloneConsumer consumer(int dataPort, int vizPort, int controlPort, long processingMillis) {
        ConsumerOptions options = new ConsumerOptions(
                Duration.ZERO, "127.0.0.1", dataPort, vizPort, controlPort, Duration.ofMillis(processingMillis), 1, 8);
        consumer = new StandaloneConsumer(
                options,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return consumer;
    }

    @ParameterizedTest(name = "{1} messages of {0} bytes at {2}/s, {3} ms of work")
    @CsvSource({"0, 2000, 2000, 0", "100, 5000, 5000, 0", "1048576, 200, 200, 0", "20000, 300, 300, 10"})
    void every_message_of_a_libzmq_producer_is_answered_and_matched(
            int payloadBytes, int messages, int rate, long processingMillis) throws Exception {
        int dataPort = FreePorts.next();
        int vizPort = FreePorts.next();
        int controlPort = FreePorts.next();
        Path output = folder.resolve("producer.txt");
        producer = ZmqPeer.start(
                output,
                "produce",
                "tcp://127.0.0.1:" + dataPort,
                "tcp://127.0.0.1:" + controlPort,
                "tcp://127.0.0.1:" + vizPort,
                String.valueOf(payloadBytes),
                String.valueOf(rate),
                String.valueOf(messages));
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(consumer(dataPort, vizPort, controlPort, processingMillis)::run);
        assertThat(producer.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(output))
                .contains("messages=" + messages + " answered=" + messages + " unexpected=0 ");
        assertThat(producer.exitValue()).isZero();
        consumer.stop();
        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .contains("received       " + messages + " messages")
                .contains("answered       " + messages)
                .contains("missing        0")
                .contains("malformed      0");
    }

    @Test
    void the_duration_ends_the_consumer_by_itself() throws Exception {
        int dataPort = FreePorts.next();
        int vizPort = FreePorts.next();
        int controlPort = FreePorts.next();
        producer = ZmqPeer.start(
                folder.resolve("producer.txt"),
                "produce",
                "tcp://127.0.0.1:" + dataPort,
                "tcp://127.0.0.1:" + controlPort,
                "tcp://127.0.0.1:" + vizPort,
                "100",
                "100",
                "100000");
        ConsumerOptions options = new ConsumerOptions(
                Duration.ofMillis(500), "127.0.0.1", dataPort, vizPort, controlPort, Duration.ZERO, 1, 1);
        StandaloneConsumer bounded =
                new StandaloneConsumer(options, new PrintStream(out, true, StandardCharsets.UTF_8), System.err);
        assertThat(CompletableFuture.supplyAsync(bounded::run).get(30, TimeUnit.SECONDS))
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("messages/s").contains("missing        0");
    }

    @Test
    void a_taken_port_is_named() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            StandaloneConsumer refused = consumer(FreePorts.next(), taken.getLocalPort(), FreePorts.next(), 0);
            assertThatThrownBy(refused::run)
                    .isInstanceOf(InputException.class)
                    .hasMessage("-viz-port: port " + taken.getLocalPort() + " on * is in use");
        }
    }

    @Test
    void a_consumer_stopped_before_its_producer_is_there_ends() throws Exception {
        CompletableFuture<Integer> exit =
                CompletableFuture.supplyAsync(consumer(FreePorts.next(), 0, FreePorts.next(), 0)::run);
        consumer.stop();
        assertThat(exit.get(10, TimeUnit.SECONDS)).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("received       0 messages");
    }
}

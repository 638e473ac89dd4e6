package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs whose consumers are none of our agents, or that have none. */
@Tag("once")
class ExternalConsumerTest {
    private static final int PORTS = 8;

    /** How long a consumer stays after its {@code start}: as long as the whole run. */
    private static final int SECONDS = 7;

    @TempDir
    private Path directory;

    private final int firstPort = freePorts();

    /** The first of some neighbouring ports, below those that the system hands out by itself. */
    private static int freePorts() {
        SplittableRandom random = new SplittableRandom();
        for (int attempt = 0; attempt < 100; attempt++) {
            int first = random.nextInt(20_000, 30_000);
            if (areFree(first)) {
                return first;
            }
        }
        throw new AssertionError("no " + PORTS + " neighbouring ports are free");
    }

    private static boolean areFree(int first) {
        List<ServerSocket> held = new ArrayList<>();
        try {
            for (int port = first; port < first + PORTS; port++) {
                held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
            }
            return true;
        } catch (IOException e) {
            return false;
        } finally {
            for (ServerSocket socket : held) {
                try {
                    socket.close();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    private FreshetProcess start(int agents, String consumers, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("run", "--agents", "" + agents, "--consumers", consumers));
        arguments.addAll(List.of("--rate", "200/s", "--size", "16KiB", "--duration", "2s", "--warmup", "1s"));
        arguments.addAll(List.of("--drain", "2s", "--data-port", "" + firstPort));
        arguments.addAll(List.of(more));
        return FreshetProcess.start(directory, arguments.toArray(new String[0]));
    }

    private static String at(int port) {
        return "127.0.0.1:" + port;
    }

    private ConsumerPeer consumerOf(int producer, int vizPort) throws IOException {
        int dataPort = firstPort + 3 * producer;
        return ConsumerPeer.start(directory, SECONDS, dataPort, dataPort + 2, vizPort);
    }

    @Test
    void an_external_consumer_is_told_where_to_connect_and_nobody_claims_to_know_what_it_received() throws Exception {
        ConsumerPeer.require();
        int vizPort = firstPort + 1; // the one that is left to it
        try (FreshetProcess freshet = start(1, "external:" + at(vizPort))) {
            freshet.awaitStderr("PREPARING: waiting up to 60s for consumers: p1: subscribe to 'request' on tcp://"
                    + at(firstPort) + ", say 'start' to tcp://" + at(firstPort + 2) + ", answer on tcp://"
                    + at(vizPort));
            try (ConsumerPeer consumer = consumerOf(0, vizPort)) {
                assertThat(freshet.exitCode()).as(freshet.stderr()).isZero();
                assertThat(consumer.await()).contains("reply='start'", "requests=600", "malformed=0", "payload=16384");
            }
            Results results = new Results(freshet.results());
            JsonNode ledger = results.summary().get("ledger");
            for (String unknown : List.of("received", "lost", "unanswered")) {
                assertThat(ledger.get(unknown).isNull()).as(unknown).isTrue();
            }
            assertThat(ledger.get("sent").asLong()).isEqualTo(400);
            assertThat(ledger.get("measured").asLong()).isEqualTo(400);
            assertThat(ledger.get("balanced").asBoolean()).isTrue();
            assertThat(results.summary().get("verdict").get("status").asText()).isNotEqualTo("INVALID");
            assertThat(Files.readString(results.directory().resolve("events.jsonl")))
                    .contains("\"kind\":\"connect\",\"agent\":\"p1\"");
            assertThat(results.csv("intervals.csv").get(1).get("received")).isEmpty();
        }
    }

    @Test
    void two_producers_have_a_consumer_each() throws Exception {
        ConsumerPeer.require();
        String hosts = at(firstPort + 1) + "," + at(firstPort + 4);
        try (FreshetProcess freshet = start(2, "external:" + hosts)) {
            freshet.awaitStderr("PREPARING: waiting up to");
            try (ConsumerPeer one = consumerOf(0, firstPort + 1);
                    ConsumerPeer other = consumerOf(1, firstPort + 4)) {
                assertThat(freshet.exitCode()).as(freshet.stderr()).isZero();
                assertThat(one.await()).contains("requests=300", "malformed=0");
                assertThat(other.await()).contains("requests=300", "malformed=0");
            }
            Results results = new Results(freshet.results());
            for (String producer : List.of("p1", "p2")) {
                assertThat(results.agent(producer).get("ledger").get("measured").asLong())
                        .isEqualTo(200);
                assertThat(results.agent(producer).get("counts").has("foreign_answers"))
                        .isFalse();
            }
        }
    }

    @Test
    void a_consumer_shared_by_two_producers_may_answer_only_one_of_them() throws Exception {
        ConsumerPeer.require();
        try (FreshetProcess freshet = start(2, "external:" + at(firstPort + 1))) {
            freshet.awaitStderr("PREPARING: waiting up to");
            try (ConsumerPeer answering = consumerOf(0, firstPort + 1);
                    ConsumerPeer unheard = consumerOf(1, firstPort + 7)) {
                assertThat(freshet.exitCode()).as(freshet.stderr()).isZero();
                assertThat(answering.await()).contains("requests=300");
                assertThat(unheard.await()).contains("requests=300");
            }
            Results results = new Results(freshet.results());
            assertThat(results.agent("p1").get("ledger").get("measured").asLong())
                    .isEqualTo(200);
            JsonNode other = results.agent("p2");
            assertThat(other.get("ledger").get("sent").asLong()).isEqualTo(200);
            assertThat(other.get("ledger").get("answered").asLong()).isZero();
            assertThat(other.get("counts").get("foreign_answers").asLong()).isPositive();
            assertThat(results.summary().get("ledger").get("balanced").asBoolean())
                    .isTrue();
            assertThat(results.summary().get("verdict").get("notes").toString())
                    .contains("None of the 200 messages of p2 was answered by its external consumer.");
        }
    }

    @Test
    void a_consumer_that_never_comes_is_named_with_what_it_should_have_said() throws Exception {
        try (FreshetProcess freshet = start(1, "external:" + at(firstPort + 1), "--consumer-patience", "2s")) {
            assertThat(freshet.exitCode()).as(freshet.stderr()).isEqualTo(3);
            assertThat(freshet.stderr())
                    .contains("p1: waited 2 s for external consumer " + at(firstPort + 1) + " to say 'start' on tcp://"
                            + at(firstPort + 2));
        }
    }

    @Test
    void without_any_consumer_nobody_is_waited_for_and_what_was_received_is_not_known() throws Exception {
        try (FreshetProcess freshet = start(2, "0")) {
            assertThat(freshet.exitCode()).as(freshet.stderr()).isZero();
            JsonNode ledger = new Results(freshet.results()).summary().get("ledger");
            assertThat(ledger.get("sent").asLong()).isEqualTo(400);
            assertThat(ledger.get("received").isNull()).isTrue();
            assertThat(ledger.get("answered").asLong()).isZero();
        }
    }
}

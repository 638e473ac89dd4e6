package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.deploy.remote.StubCoordinator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said when a coordinator is not there, is none, or does not want to: one line each, and an exit code. */
class RemoteErrorsTest {
    private static final String RUNS = "/api/v1/runs";

    @TempDir
    private Path directory;

    private StubCoordinator stub;

    @BeforeEach
    void start() throws IOException {
        stub = new StubCoordinator();
    }

    @AfterEach
    void stop() {
        stub.close();
    }

    /** Runs a command in this process, and returns the one line that it said. */
    private static String fails(int exitCode, String... arguments) {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        int code;
        try {
            System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
            code = Freshet.run(arguments);
        } finally {
            System.setErr(before);
        }
        String line = said.toString(StandardCharsets.UTF_8);
        assertThat(code).as(line).isEqualTo(exitCode);
        assertThat(line.lines().count()).as(line).isEqualTo(1);
        return line.strip();
    }

    private String run(int exitCode, String... more) {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "run";
        arguments[1] = "--coordinator";
        arguments[2] = stub.url();
        System.arraycopy(more, 0, arguments, 3, more.length);
        return fails(exitCode, arguments);
    }

    private Path secret(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    @Test
    void nobody_who_listens_is_said_for_each_command() throws IOException {
        String url;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + socket.getLocalPort();
        }
        for (String[] command : List.of(
                new String[] {"run", "--coordinator", url},
                new String[] {"run", "--coordinator", url, "--dry-run"},
                new String[] {"status", "--coordinator", url},
                new String[] {"status", "--watch", "--coordinator", url},
                new String[] {"stop", "--coordinator", url},
                new String[] {"stop", "20261123T170102Z-night", "--coordinator", url},
                new String[] {"set-rate", "5/s", "--coordinator", url},
                new String[] {"runs", "--coordinator", url},
                new String[] {"compare", "20261123T170102Z-a", "20261123T170102Z-b", "--coordinator", url})) {
            assertThat(fails(3, command)).contains(url, "cannot be reached", "is it running?");
        }
    }

    @Test
    void a_name_without_an_address_is_named() {
        assertThat(fails(3, "status", "--coordinator", "http://coordinator.invalid:8080"))
                .contains("no address is known for coordinator.invalid");
    }

    @Test
    void what_is_no_address_of_a_coordinator_is_refused() {
        for (String url :
                List.of("8080", "ftp://daq1", "http://", "http://a b", "http://daq1:8080/?x=1", "http://u@daq1")) {
            assertThat(fails(2, "status", "--coordinator", url)).contains("--coordinator", "'" + url + "'", "http");
        }
    }

    @Test
    void another_server_is_not_taken_for_a_coordinator() {
        assertThat(run(3)).contains(stub.url(), "not a Freshet coordinator", "404", RUNS);
        stub.answers(RUNS, 200, "text/html", "<html>");
        assertThat(run(3)).contains("not a Freshet coordinator");
    }

    @Test
    void json_that_is_none_is_not_taken_for_a_coordinators() {
        stub.answersJson(RUNS, 201, "{\"run\":");
        assertThat(run(3)).contains("not a Freshet coordinator");
    }

    /** Runs a command against a port that answers whatever it is told with some bytes. */
    private static String failsAt(byte[] answer, String scheme) throws Exception {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread answers = new Thread(() -> {
                try (Socket peer = port.accept()) {
                    peer.getInputStream().read(new byte[4096]);
                    peer.getOutputStream().write(answer);
                } catch (IOException e) {
                    // the command has gone
                }
            });
            answers.start();
            String line = fails(3, "run", "--coordinator", scheme + "://127.0.0.1:" + port.getLocalPort());
            answers.join(10_000);
            return line;
        }
    }

    @Test
    void a_port_that_speaks_no_http_is_said_to_be_one() throws Exception {
        assertThat(failsAt(new byte[] {(byte) 0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, '\n', '\n'}, "http"))
                .contains("speaks no HTTP", "control channel");
        assertThat(failsAt(new byte[0], "http")).contains("broke off", "https://?");
    }

    @Test
    void tls_to_a_plain_port_says_so() throws Exception {
        byte[] plain = "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        assertThat(failsAt(plain, "https")).contains("TLS", "http://");
    }

    @Test
    void a_token_that_is_missing_or_wrong_is_told_by_option_and_file() throws IOException {
        stub.refuses(RUNS, 401, "token-missing", "the header is missing");
        assertThat(run(2)).contains(stub.url(), "needs a token", "--token-file");
        stub.close();
        start();
        stub.refuses(RUNS, 401, "token-wrong", "that is not the token");
        Path token = secret("0123456789abcdef0123456789abcdef\n");
        assertThat(run(2, "--token-file", token.toString()))
                .contains("--token-file", token.toString(), stub.url())
                .doesNotContain("0123456789abcdef");
    }

    @Test
    void files_that_hold_no_token_or_no_certificate_are_refused() throws IOException {
        assertThat(run(2, "--token-file", directory.resolve("none").toString())).contains("--token-file", "none");
        assertThat(run(2, "--token-file", secret("short").toString())).contains("--token-file", "16 characters");
        assertThat(run(2, "--tls-ca", directory.resolve("none").toString())).contains("--tls-ca", "no such file");
        assertThat(run(2, "--tls-ca", secret("no certificate").toString())).contains("--tls-ca", "no PEM certificate");
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void what_the_coordinator_refuses_is_said_in_its_words() {
        stub.refuses(RUNS, 409, "run-in-progress", "run 20261123T170102Z-night is in progress");
        assertThat(run(2)).contains(stub.url(), "20261123T170102Z-night is in progress");
    }

    @Test
    void agents_that_are_missing_are_the_same_exit_code_as_everywhere() {
        stub.refuses(RUNS, 409, "agents-missing", "1 of 4 producers have joined");
        assertThat(run(3)).contains("1 of 4 producers");
        assertThat(run(3, "--dry-run", "--patience", "2s")).contains("1 of 4 producers");
        assertThat(stub.requests())
                .containsExactly("POST " + RUNS + "?patience=0s", "POST " + RUNS + "?patience=2s&dry_run=true");
    }

    @Test
    void a_plan_that_breaks_a_rule_is_not_even_sent() {
        assertThat(run(2, "--rate", "-1")).contains("--rate");
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void options_that_would_launch_agents_mean_nothing_beside_a_coordinator() {
        for (String[] option : List.of(
                new String[] {"--hosts", "daq1"},
                new String[] {"--hosts-file", "rack.txt"},
                new String[] {"--slurm"},
                new String[] {"--consumer-hosts", "viz1"},
                new String[] {"--listen", "0.0.0.0"},
                new String[] {"--advertise", "10.0.0.1"},
                new String[] {"--kubernetes"},
                new String[] {"--control-port", "5550"},
                new String[] {"--port", "8080"},
                new String[] {"--no-page"})) {
            assertThat(run(2, option)).contains("--coordinator", option[0], "mean nothing beside it");
        }
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void options_of_a_coordinator_mean_nothing_without_one() {
        assertThat(fails(2, "run", "--patience", "1m")).contains("--patience", "go with --coordinator");
        assertThat(fails(2, "run", "--token-file", "token")).contains("--token-file", "go with --coordinator");
        assertThat(fails(2, "run", "--tls-ca", "ca.pem")).contains("--tls-ca", "go with --coordinator");
    }

    @Test
    void a_place_for_results_that_cannot_be_is_told_before_the_run_begins() throws IOException {
        Path file = Files.writeString(directory.resolve("file"), "");
        assertThat(run(2, "--out", file.toString())).contains("--out", file.toString());
        assertThat(stub.requests()).isEmpty();
    }

    @Test
    void stopping_and_changing_need_a_run_in_progress() {
        String idle = StubCoordinator.frame("status", null, "{\"now\":\"\",\"coordinator\":{},\"run\":null}")
                + StubCoordinator.frame("agents", null, "{\"agents\":[]}");
        stub.feeds(idle).feeds(idle);
        assertThat(fails(2, "stop", "--coordinator", stub.url())).contains(stub.url(), "no run in progress");
        assertThat(fails(2, "set-rate", "5/s", "--coordinator", stub.url())).contains("no run in progress");
        assertThat(fails(2, "set-rate", "fast", "--coordinator", stub.url())).contains("RATE", "'fast'");
        assertThat(fails(2, "stop", "../fleet", "--coordinator", stub.url())).contains("'../fleet'", "not the id");
    }

    @Test
    void a_run_that_is_lost_on_the_way_is_not_taken_for_done() {
        stub.answersJson(
                RUNS, 201, "{\"run\":{\"id\":\"20261123T170102Z-night\",\"name\":\"night\",\"state\":\"gathering\"}}");
        stub.feeds(StubCoordinator.frame("status", null, "{\"run\":null}"));
        stub.refuses(RUNS + "/20261123T170102Z-night", 404, "no-such-run", "there is no such run");
        assertThat(run(3)).contains(stub.url(), "does not know run 20261123T170102Z-night any more");
    }
}

package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The consumer on pyzmq that speaks the streaming contract and was written apart from the project. Where it cannot be had a test is skipped and
 * says so; where the environment has {@code CI} it fails.
 */
final class ConsumerPeer implements AutoCloseable {
    private static final String PYTHON = "/usr/bin/python3";

    private final Process process;
    private final Path output;

    private ConsumerPeer(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** To be called before anything is begun: skips the test if there is no such consumer here. */
    static void require() throws IOException, InterruptedException {
        boolean works = script() != null
                && Files.isExecutable(Path.of(PYTHON))
                && new ProcessBuilder(PYTHON, "-c", "import zmq")
                                .redirectErrorStream(true)
                                .start()
                                .waitFor()
                        == 0;
        if (!works && System.getenv("CI") != null) {
            fail("CI must have pyzmq (Debian: python3-zmq) and shared/peers/consumer_peer.py");
        }
        if (!works) {
            System.err.println("SKIPPED: needs pyzmq (Debian: python3-zmq) and shared/peers/consumer_peer.py");
        }
        Assumptions.assumeTrue(works, "needs pyzmq and shared/peers/consumer_peer.py");
    }

    private static Path script() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path script = at.resolve("shared").resolve("peers").resolve("consumer_peer.py");
            if (Files.exists(script)) {
                return script;
            }
        }
        return null;
    }

    /** Starts one for a producer on this machine; it ends {@code seconds} after that has answered {@code start}. */
    static ConsumerPeer start(Path directory, int seconds, int dataPort, int controlPort, int vizPort)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(PYTHON, script().toString()));
        command.addAll(List.of("--seconds", "" + seconds, "--data-port", "" + dataPort));
        command.addAll(List.of("--control-port", "" + controlPort, "--viz-port", "" + vizPort));
        Path output = directory.resolve("consumer-" + vizPort);
        return new ConsumerPeer(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /** What it said, when it has ended. */
    String await() throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            fail("the consumer did not end within 60 s: " + Files.readString(output));
        }
        return Files.readString(output);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

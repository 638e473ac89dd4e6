package dev.freshet.agent.producer;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The programs on libzmq and pyzmq that speak the contract and were written apart from the project. Where they cannot be had tests are skipped,
 * loudly; where {@code CI=true} they fail.
 */
public final class PeerPrograms {
    private static final int BUILD_SECONDS = 60;

    private PeerPrograms() {}

    /** The command of a {@code zmqpeer} built from its source. */
    public static String zmqpeer() throws IOException, InterruptedException {
        Path built = Path.of("target", "zmqpeer").toAbsolutePath();
        Path source = source("zmqpeer.c");
        if (!Files.exists(built) || Files.getLastModifiedTime(built).compareTo(Files.getLastModifiedTime(source)) < 0) {
            Path fresh = Files.createTempFile(built.getParent(), "zmqpeer", null);
            need(
                    "cc and libzmq (Debian: libzmq3-dev)",
                    "cc",
                    "-O2",
                    "-o",
                    fresh.toString(),
                    source.toString(),
                    "-lzmq");
            Files.move(fresh, built, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        return built.toString();
    }

    /** The command of {@code consumer_peer.py}, without its arguments. */
    public static List<String> consumerPeer() throws IOException, InterruptedException {
        String python = Files.isExecutable(Path.of("/usr/bin/python3")) ? "/usr/bin/python3" : "python3";
        need("pyzmq (Debian: python3-zmq)", python, "-c", "import zmq");
        return List.of(python, source("consumer_peer.py").toString());
    }

    private static Path source(String name) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path source = at.resolve("shared").resolve("peers").resolve(name);
            if (Files.exists(source)) {
                return source;
            }
        }
        throw missing("shared/peers/" + name);
    }

    private static void need(String what, String... command) throws IOException, InterruptedException {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            if (process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0) {
                return;
            }
            process.destroyForcibly();
        } catch (IOException e) {
            throw missing(what + " (" + e.getMessage() + ")");
        }
        throw missing(what);
    }

    private static RuntimeException missing(String what) {
        if ("true".equals(System.getenv("CI"))) {
            return fail("CI must have " + what);
        }
        System.err.println("SKIPPED: needs " + what);
        return abort("needs " + what);
    }

    /** Starts a program whose output is kept in a file, to be read when it has ended. */
    public static Running start(List<String> command) throws IOException {
        Path output = Files.createTempFile(Path.of("target"), "peer", ".out");
        Process process = new ProcessBuilder(new ArrayList<>(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Running(process, output);
    }

    /** A program that was started; it does not outlive the test. */
    public record Running(Process process, Path output) implements AutoCloseable {
        /** Its output, when it has ended. */
        public String await(int seconds) throws IOException, InterruptedException {
            if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                throw new IllegalStateException(
                        "waited " + seconds + " s for " + process.info().command() + ": " + Files.readString(output));
            }
            return Files.readString(output);
        }

        /** Sends it a signal, such as STOP or CONT. */
        public void signal(String name) throws IOException, InterruptedException {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .start()
                    .waitFor(5, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            process.destroyForcibly();
            Files.deleteIfExists(output);
        }
    }
}

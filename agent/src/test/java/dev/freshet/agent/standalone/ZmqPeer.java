package dev.freshet.agent.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * The libzmq peer of the contract, {@code zmqpeer.c}, built into {@code target/}. Where it cannot be built a test is skipped and says why,
 * but fails where the environment has {@code CI=true}.
 */
final class ZmqPeer {
    private static final Path SOURCE = Path.of("shared", "peers", "zmqpeer.c");
    private static Path built;

    private ZmqPeer() {}

    /** Starts {@code zmqpeer} with its output in a file. */
    static Process start(Path output, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(build().toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
    }

    private static synchronized Path build() throws IOException, InterruptedException {
        if (built == null) {
            Path source = source();
            Path program = Path.of("target", "zmqpeer").toAbsolutePath();
            Files.createDirectories(program.getParent());
            Path log = program.resolveSibling("zmqpeer.log");
            try {
                Process compiler = new ProcessBuilder("cc", "-O2", "-o", program.toString(), source.toString(), "-lzmq")
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
                assertThat(compiler.waitFor(60, TimeUnit.SECONDS)).isTrue();
                need(compiler.exitValue() == 0, "zmqpeer cannot be built: " + Files.readString(log));
            } catch (IOException e) {
                need(false, "there is no C compiler: " + e.getMessage());
            }
            built = program;
        }
        return built;
    }

    private static Path source() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path candidate = folder.resolve(SOURCE);
            if (Files.exists(candidate)) {
                return candidate;
            }
        }
        need(false, SOURCE + " is not beside the project");
        throw new AssertionError("unreachable");
    }

    private static void need(boolean met, String why) {
        if (!met && "true".equals(System.getenv("CI"))) {
            throw new AssertionError(why);
        }
        Assumptions.assumeTrue(met, why);
    }
}

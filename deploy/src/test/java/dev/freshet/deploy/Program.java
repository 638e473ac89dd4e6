package dev.freshet.deploy;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A run of one of the system's programs, to its end.
 *
 * @param output what it said, standard output and standard error as they came
 */
record Program(int exitCode, String output) {
    private static final long PATIENCE_SECONDS = 60;

    static Program run(String... command) throws IOException, InterruptedException {
        return run(List.of(command));
    }

    /** Waits for the end, for a bounded time; its output must be small. */
    static Program run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("waited " + PATIENCE_SECONDS + " s for " + command);
        }
        return new Program(
                process.exitValue(), new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }

    /** Skips the test where a program is not installed, loudly; where {@code CI=true} the test fails. */
    static void need(String program, String debianPackage) throws InterruptedException {
        try {
            run(program, "--version");
        } catch (IOException e) {
            missing(program + " (Debian: " + debianPackage + ")");
        }
    }

    /** Skips the test, loudly; where {@code CI=true} the test fails. */
    static void missing(String what) {
        if ("true".equals(System.getenv("CI"))) {
            fail("CI must have " + what);
        }
        System.err.println("SKIPPED: needs " + what);
        abort("needs " + what);
    }
}

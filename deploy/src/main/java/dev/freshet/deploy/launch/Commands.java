package dev.freshet.deploy.launch;

import dev.freshet.common.InputException;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Runs commands of the system to their end, each for a bounded time; all of them can be cancelled at once. Thread-safe. */
public final class Commands {
    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /**
     * How a command ended.
     *
     * @param status its exit status
     * @param out what it said on standard output
     * @param lastError the last line that it said on standard error; empty if none
     */
    public record Result(int status, String out, String lastError) {
        public boolean isDone() {
            return status == 0;
        }

        /**
         * What it said on standard output, whatever its exit status.
         *
         * @param what the command, for the error
         * @throws IOException if it failed and said nothing; the message is its complaint
         */
        public String said(String what) throws IOException {
            if (out.isEmpty() && !isDone()) {
                throw new IOException(complaint(what + " ended with status " + status));
            }
            return out;
        }

        /** What it complained of last, or {@code otherwise} if it said nothing. */
        public String complaint(String otherwise) {
            return lastError.isEmpty() ? otherwise : lastError;
        }
    }

    /**
     * Runs a command and waits for its end.
     *
     * @param input its standard input, or null for none
     * @throws IOException if it does not end within {@code limit}, or {@link #cancel} was called
     * @throws InputException if there is no such command here
     */
    public Result run(List<String> command, Path input, Duration limit) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("freshet-", ".err");
        Path output = Files.createTempFile("freshet-", ".out");
        try {
            Process process = start(command, input, output, errors);
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("'" + command.get(0) + "' did not end within " + limit.toSeconds() + " s");
                }
            } finally {
                process.destroyForcibly();
                running.remove(process);
            }
            if (cancelled) {
                throw new IOException("interrupted");
            }
            return new Result(process.exitValue(), text(output), lastLine(text(errors)));
        } finally {
            Files.delete(errors);
            Files.delete(output);
        }
    }

    private Process start(List<String> command, Path input, Path output, Path errors) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(Redirect.from(input == null ? new File("/dev/null") : input.toFile()))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            running.add(process);
            if (cancelled) {
                process.destroy();
            }
            return process;
        } catch (IOException e) {
            throw new InputException("'" + command.get(0) + "' cannot be run here: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8); // whatever bytes a host may send
    }

    private static String lastLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line ->
                        !line.isEmpty() && !line.startsWith("tar: Exiting with failure")) // which is never the cause
                .reduce((first, last) -> last)
                .orElse("");
    }

    /** Ends what is being waited for, and whatever is begun after this; from any thread. */
    public void cancel() {
        cancelled = true;
        running.forEach(Process::destroy);
    }
}

package dev.freshet.deploy.launch.ssh;

import dev.freshet.common.InputException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The system's OpenSSH client, so that the user's own configuration, agent, jump hosts and known hosts hold. It never asks anything: there is
 * nobody to answer for sixteen hosts at once.
 *
 * <p>Thread-safe.
 */
final class SshClient {
    private static final int CONNECT_SECONDS = 8;

    /** What the client itself returns when it fails; else it is the remote command's status. */
    static final int FAILED = 255;

    private final Set<Process> running = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /**
     * How a remote command ended.
     *
     * @param status its exit status
     * @param out what it said on standard output
     * @param lastError the last line that it, or the client, said on standard error; empty if none
     */
    record Result(int status, String out, String lastError) {
        boolean isDone() {
            return status == 0;
        }
    }

    /** The command line that runs a POSIX shell script on a host, whatever the login shell there is. */
    List<String> command(String host, String script) {
        List<String> command = new ArrayList<>(List.of("ssh", "-T"));
        for (String option : List.of(
                "BatchMode=yes",
                "ConnectTimeout=" + CONNECT_SECONDS,
                "ServerAliveInterval=2",
                "ServerAliveCountMax=3",
                "ClearAllForwardings=yes")) {
            command.addAll(List.of("-o", option));
        }
        command.add(host);
        command.add("sh -c " + quoted(script));
        return command;
    }

    /** One word of a POSIX shell. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /**
     * Runs a script on a host and waits for its end.
     *
     * @param input its standard input, or null for none
     * @throws IOException if it does not end within {@code limit}, or {@link #cancel} was called; the message says what was waited for
     */
    Result run(String host, String script, Path input, Duration limit) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("freshet-ssh-", ".err");
        Path output = Files.createTempFile("freshet-ssh-", ".out");
        try {
            Process process = start(host, script, input, output, errors);
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException("no end of it within " + limit.toSeconds() + " s");
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

    private Process start(String host, String script, Path input, Path output, Path errors) {
        try {
            Process process = new ProcessBuilder(command(host, script))
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
            throw new InputException("the OpenSSH client cannot be run: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lastLine(String text) {
        return text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .reduce((first, last) -> last)
                .orElse("");
    }

    /** Ends what is being waited for, and whatever is begun after this; from any thread. */
    void cancel() {
        cancelled = true;
        running.forEach(Process::destroy);
    }
}

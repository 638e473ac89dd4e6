package dev.freshet.deploy.launch;

import dev.freshet.common.InputException;
import dev.freshet.common.Printable;
import dev.freshet.deploy.launch.Launcher.LaunchedAgent;
import dev.freshet.deploy.launch.Launcher.Request;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A child process that stands for an agent: the agent itself, or the client (ssh, srun) whose other end it is. Its standard input brings the
 * agent its key, and is then its lifeline: an agent ends when that closes, so none outlives us even if we are killed.
 */
public final class AgentProcess implements LaunchedAgent {
    private static final int LAST_LINES = 20;
    private static final int MAX_LINE = 1_000;
    private static final long LAST_WORDS_MILLIS = 500;
    private static final int KILLED = 128; // what a shell adds to a signal's number

    /** The agent where the process is not the agent itself, but only its near end. */
    public interface FarEnd {
        /** There is none. */
        FarEnd NONE = new FarEnd() {
            @Override
            public boolean isSaidByAgent(String line) {
                return true;
            }

            @Override
            public void kill(long millis) {
                // the process is killed
            }
        };

        /** Takes each line of the output, on the thread that reads it; false if the agent did not say it. */
        boolean isSaidByAgent(String line);

        /** Ends the agent by force, within {@code millis}. */
        void kill(long millis);
    }

    private final String name;
    private final String what;
    private final FarEnd farEnd;
    private final Process process;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private final Thread reader;

    /**
     * Starts it.
     *
     * @param what the process, for the words about its end: {@code its process}, {@code ssh to daq1}
     * @param command that runs {@link #arguments} somewhere, and passes on its standard input
     * @throws InputException if it cannot be started
     */
    public AgentProcess(Request request, String what, List<String> command, FarEnd farEnd) {
        this.name = request.name();
        this.what = what;
        this.farEnd = farEnd;
        ProcessBuilder builder = new ProcessBuilder(undisturbed(command)).redirectErrorStream(true);
        builder.environment()
                .put("MALLOC_ARENA_MAX", "2"); // glibc's arenas would add tens of megabytes for a few threads
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new InputException("agent " + name + " cannot be started: " + e.getMessage(), e);
        }
        reader = new Thread(this::read, "output-of-" + name);
        reader.setDaemon(true);
        reader.start();
        handOver(request.key());
    }

    /** The arguments of {@code freshet} that make it this agent. No secret is among them. */
    public static List<String> arguments(Request request, String coordinator) {
        List<String> arguments =
                new ArrayList<>(List.of("agent", "--role", request.role().toString()));
        arguments.addAll(List.of("--name", request.name(), "--coordinator", coordinator, "--launched"));
        if (request.interfaceName() != null) {
            arguments.addAll(List.of("--interface", request.interfaceName()));
        }
        if (request.key() != null) {
            arguments.addAll(List.of("--key", "-"));
        }
        return arguments;
    }

    /**
     * Ctrl-C reaches every process of the terminal's foreground group; an agent must wait to be told, or its books are lost. A signal that is
     * ignored stays ignored across exec, and the JVM and OpenSSH's client leave it so.
     */
    private static List<String> undisturbed(List<String> command) {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return command;
        }
        List<String> wrapped =
                new ArrayList<>(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "freshet-agent"));
        wrapped.addAll(command);
        return wrapped;
    }

    private void handOver(String key) {
        if (key == null) {
            return;
        }
        try {
            OutputStream lifeline = process.getOutputStream();
            lifeline.write((key.stripTrailing() + "\n\n").getBytes(StandardCharsets.US_ASCII));
            lifeline.flush();
        } catch (IOException e) {
            // it has ended already, and its obituary will say why
        }
    }

    private void read() {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (farEnd.isSaidByAgent(line)) {
                    said(line);
                }
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void said(String line) {
        synchronized (lastLines) {
            if (lastLines.size() == LAST_LINES) {
                lastLines.removeFirst();
            }
            lastLines.addLast(Printable.line(line, MAX_LINE));
        }
    }

    @Override
    public String name() {
        return name;
    }

    /** The last line that is not part of a stack trace. */
    @Override
    public String lastLine() {
        synchronized (lastLines) {
            return lastLines.stream()
                    .filter(line -> !line.isBlank() && !line.matches("\\s+(at |\\.\\.\\. ).*"))
                    .reduce((first, last) -> last)
                    .orElse(null);
        }
    }

    @Override
    public String obituary() {
        try {
            reader.join(LAST_WORDS_MILLIS); // the end of a process can be known before its last line is read
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int status = process.exitValue();
        String last = lastLine();
        return what + " (pid " + process.pid() + ") "
                + (status > KILLED && status < KILLED + 64
                        ? "was killed by signal " + (status - KILLED)
                        : "ended with status " + status + (last == null ? "" : ": " + last));
    }

    @Override
    public void onEnd(Runnable callback) {
        process.onExit().thenRun(callback);
    }

    @Override
    public void stop(long millis) {
        try {
            process.getOutputStream().close(); // the end of its input: it says goodbye and ends
        } catch (IOException e) {
            // it has ended already, or will be ended below
        }
        try {
            if (!process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                farEnd.kill(millis);
                process.destroyForcibly().waitFor(millis, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}

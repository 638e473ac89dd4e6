package dev.freshet.deploy.kubernetes;

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
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The user's own {@code kubectl}, with the cluster and the namespace that it is to speak to. */
final class Kubectl {
    /** As timeout(1) has it. */
    private static final int OVERDUE = 124;

    private static final Pattern LOGGED = Pattern.compile("^[IWEF][0-9]{4} ");
    private static final Redirect NOTHING = Redirect.from(new File("/dev/null"));

    private final List<String> command = new ArrayList<>();

    /**
     * @param program name or path
     * @param context of the user's configuration; null for the current one
     * @param namespace null for the context's own
     */
    Kubectl(String program, String context, String namespace) {
        // Ctrl-C reaches every process of the terminal's foreground group; what is in progress is ended by us, in order
        command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "freshet-kubectl", program));
        if (context != null) {
            command.add("--context=" + context);
        }
        if (namespace != null) {
            command.add("--namespace=" + namespace);
        }
    }

    /**
     * How a command ended.
     *
     * @param status 124 if it did not end in time
     */
    record Result(int status, String out, String error) {
        boolean isDone() {
            return status == 0;
        }

        /** The lines that it complained with, without those of its own log; one that says so if there are none. */
        List<String> complaints() {
            List<String> lines = error.lines()
                    .filter(line -> !line.isBlank() && !LOGGED.matcher(line).find())
                    .toList();
            return lines.isEmpty() ? List.of("kubectl ended with status " + status) : lines;
        }
    }

    /** Runs a command to its end, or for as long as {@code limit}. */
    Result run(Duration limit, List<String> arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile("freshet-", ".out");
        Path error = Files.createTempFile("freshet-", ".err");
        try {
            Process process = start(builder(arguments)
                    .redirectInput(NOTHING)
                    .redirectOutput(out.toFile())
                    .redirectError(error.toFile()));
            boolean ended;
            try {
                ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                process.destroyForcibly();
            }
            return ended
                    ? new Result(process.exitValue(), text(out), text(error))
                    : new Result(OVERDUE, text(out), overdue(arguments, limit));
        } finally {
            Files.delete(out);
            Files.delete(error);
        }
    }

    Result run(Duration limit, String... arguments) throws IOException, InterruptedException {
        return run(limit, List.of(arguments));
    }

    private static String overdue(List<String> arguments, Duration limit) {
        return "kubectl " + arguments.get(0) + " did not end within " + limit.toSeconds() + " s";
    }

    /** Starts a command whose output is read while it goes on; errors come with it. */
    Process follow(String... arguments) {
        return start(builder(List.of(arguments)).redirectInput(NOTHING).redirectErrorStream(true));
    }

    /** Starts a command whose output is what {@code reader} reads; both, in this order. */
    List<Process> pipe(List<String> arguments, ProcessBuilder reader) throws IOException {
        return ProcessBuilder.startPipeline(
                List.of(builder(arguments).redirectInput(NOTHING).redirectError(Redirect.INHERIT), reader));
    }

    private ProcessBuilder builder(List<String> arguments) {
        List<String> all = new ArrayList<>(command);
        all.addAll(arguments);
        return new ProcessBuilder(all);
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new InputException("--kubernetes: kubectl cannot be run here: " + e.getMessage(), e);
        }
    }

    private static String text(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8); // whatever bytes a cluster may send
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

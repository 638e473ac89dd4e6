package dev.freshet.deploy.launch;

import dev.freshet.common.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Starts agents as processes of this machine, each a Java virtual machine with the class path of this one. An agent reads its standard input
 * and ends when that closes, so none outlives us even if we are killed.
 */
public final class LocalLauncher implements Launcher {
    private static final int LAST_LINES = 20;
    private static final long LAST_WORDS_MILLIS = 500;

    /**
     * Below this the optimizing compiler takes more than it gives: it costs each process some two processor seconds just when the run begins,
     * and on a machine with as many agents as cores those are missing to the messages.
     */
    private static final double OPTIMIZING_FROM_PER_SECOND = 5_000;

    @Override
    public LaunchedAgent start(Request request) {
        List<String> command = new ArrayList<>();
        if (!System.getProperty("os.name").startsWith("Windows")) {
            // Ctrl-C reaches every process of the terminal's foreground group; an agent must wait to be told, or its
            // books are lost.
            // A signal that is ignored stays ignored across exec, and the JVM leaves it so.
            command.addAll(List.of("/bin/sh", "-c", "trap '' INT HUP; exec \"$@\"", "freshet-agent"));
        }
        command.add(ProcessHandle.current().info().command().orElse("java"));
        command.addAll(jvmOptions(request));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.freshet.deploy.Freshet", "agent"));
        command.addAll(List.of("--role", request.role().toString(), "--name", request.name()));
        command.addAll(List.of("--coordinator", request.coordinator(), "--launched"));
        command.addAll(List.of("--spool", request.spool().toString()));
        if (request.interfaceName() != null) {
            command.addAll(List.of("--interface", request.interfaceName()));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("MALLOC_ARENA_MAX", "2"); // glibc's arenas would add tens of megabytes for a few threads
        try {
            return new LocalAgent(request.name(), builder.start());
        } catch (IOException e) {
            throw new InputException("agent " + request.name() + " cannot be started: " + e.getMessage(), e);
        }
    }

    private static List<String> jvmOptions(Request request) {
        Memory memory = request.memory();
        List<String> options = new ArrayList<>(List.of(
                "-Xms" + megabytes(memory.heapBytes()),
                "-Xmx" + megabytes(memory.heapBytes()),
                // histograms of an interval die young, and fill the default nursery once a second
                "-Xmn" + megabytes(memory.heapBytes() / 3),
                "-XX:MaxDirectMemorySize=" + megabytes(memory.directBytes()),
                "-XX:+UseSerialGC", // the smallest footprint, and its pauses are short on a heap of this size
                "-XX:ReservedCodeCacheSize=48m",
                "-Xss512k",
                "-XX:+ExitOnOutOfMemoryError"));
        if (request.messagesPerSecond() < OPTIMIZING_FROM_PER_SECOND) {
            options.add("-XX:TieredStopAtLevel=1");
        }
        // what this process was told about its own JVM's warnings and archives holds for its agents
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--enable-native-access")
                        || argument.startsWith("--sun-misc-unsafe")
                        || argument.startsWith("-XX:SharedArchiveFile")
                        || argument.startsWith("-Xshare")
                        || argument.startsWith("-Xlog")
                        || argument.startsWith("-Dio.netty"))
                .forEach(options::add);
        return options;
    }

    private static String megabytes(long bytes) {
        return Math.max(1, bytes >> 20) + "m";
    }

    private static final class LocalAgent implements LaunchedAgent {
        private final String name;
        private final Process process;
        private final Deque<String> lastLines = new ArrayDeque<>();
        private final Thread reader;

        LocalAgent(String name, Process process) {
            this.name = name;
            this.process = process;
            reader = new Thread(this::read, "output-of-" + name);
            reader.setDaemon(true);
            reader.start();
        }

        private void read() {
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    synchronized (lastLines) {
                        if (lastLines.size() == LAST_LINES) {
                            lastLines.removeFirst();
                        }
                        lastLines.addLast(line);
                    }
                }
            } catch (IOException e) {
                if (process.isAlive()) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public String obituary() {
            try {
                reader.join(LAST_WORDS_MILLIS); // the end of a process can be known before its last line is read
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            int status = process.exitValue();
            String how = status > 128 ? "was killed by signal " + (status - 128) : "ended with status " + status;
            synchronized (lastLines) {
                return "its process (pid " + process.pid() + ") " + how
                        + (lastLines.isEmpty() || status > 128 ? "" : ": " + cause());
            }
        }

        /** The last line that is not part of a stack trace. */
        private String cause() {
            return lastLines.stream()
                    .filter(line -> !line.matches("\\s+(at |\\.\\.\\. ).*"))
                    .reduce((first, last) -> last)
                    .orElseGet(lastLines::getLast);
        }

        @Override
        public void onEnd(Runnable callback) {
            process.onExit().thenRun(callback);
        }

        @Override
        public void stop(long millis) {
            try {
                process.getOutputStream().close(); // end of its input: it says goodbye and ends
                if (process.waitFor(millis, TimeUnit.MILLISECONDS)) {
                    return;
                }
                process.destroyForcibly().waitFor(millis, TimeUnit.MILLISECONDS);
            } catch (IOException e) {
                process.destroyForcibly();
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}

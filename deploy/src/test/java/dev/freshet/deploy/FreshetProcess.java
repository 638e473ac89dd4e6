package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A {@code freshet} command as a process of its own, in a directory of its own, with the classes under test. */
final class FreshetProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Path directory;
    private final Process process;

    private FreshetProcess(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    static FreshetProcess start(Path directory, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-XX:TieredStopAtLevel=1", // these as in bin/freshet
                "-Xmn32m",
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-Dio.netty.noUnsafe=true",
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "dev.freshet.deploy.Freshet"));
        command.addAll(List.of(arguments));
        return start(directory, Map.of(), command);
    }

    /** Any command that runs Freshet, with {@code environment} added to this process's own; an empty value takes a variable away. */
    static FreshetProcess start(Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectOutput(directory.resolve("stdout").toFile())
                .redirectError(directory.resolve("stderr").toFile());
        builder.environment().putAll(environment);
        builder.environment().values().removeIf(String::isEmpty);
        return new FreshetProcess(directory, builder.start());
    }

    /** Runs a command to its end. */
    static FreshetProcess run(Path directory, String... arguments) throws IOException, InterruptedException {
        FreshetProcess freshet = start(directory, arguments);
        freshet.exitCode();
        return freshet;
    }

    /** Waits for the end, for a bounded time. */
    int exitCode() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            close();
            throw new AssertionError("freshet did not end within " + PATIENCE_SECONDS + " s; it said: " + stderr());
        }
        return process.exitValue();
    }

    /** Says something on its standard input, which stays open. */
    void say(String text) throws IOException {
        process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    /** What the process list shows of it. */
    String commandLine() {
        return commandLine(process.toHandle());
    }

    ProcessHandle handle() {
        return process.toHandle();
    }

    String stdout() {
        return read("stdout");
    }

    String stderr() {
        return read("stderr");
    }

    private String read(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** The process of an agent that this command launched. */
    ProcessHandle agent(String name) {
        Optional<ProcessHandle> agent = process.descendants()
                .filter(child -> commandLine(child).contains("\0--name\0" + name + "\0"))
                .findFirst();
        return agent.orElseThrow(
                () -> new AssertionError("no process of agent " + name + "; freshet said: " + stderr()));
    }

    /** The arguments, each ended by NUL. ProcessHandle.Info leaves out what goes beyond 4096 characters, as a class path does. */
    private static String commandLine(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"));
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    List<ProcessHandle> agents() {
        return process.descendants().toList();
    }

    /** Sends a signal by name. */
    static void signal(ProcessHandle to, String signal) throws IOException, InterruptedException {
        Process kill = new ProcessBuilder("kill", "-" + signal, String.valueOf(to.pid())).start();
        assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
        assertThat(kill.exitValue()).isZero();
    }

    void signal(String signal) throws IOException, InterruptedException {
        signal(process.toHandle(), signal);
    }

    /** Waits until the command has said something, for a bounded time. */
    void awaitStderr(String text) throws InterruptedException {
        await("'" + text + "'", () -> stderr().contains(text));
    }

    void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline || !process.isAlive()) {
                throw new AssertionError("waited in vain for " + what + "; freshet said: " + stderr());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    /** The result directory; there must be just one. */
    Path results() throws IOException {
        try (var entries = Files.list(directory.resolve("results"))) {
            List<Path> all = entries.toList();
            assertThat(all).as("result directories; freshet said: " + stderr()).hasSize(1);
            return all.get(0);
        }
    }

    @Override
    public void close() {
        agents().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

package dev.freshet.deploy.doctor.host;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/** Commands as processes of this host, each with half a second to answer. */
public final class SystemCommands implements Commands {
    private static final long LIMIT_MILLIS = 500;

    /** Where {@code tc} is, though the search path of many users leaves it out. */
    private static final List<String> SYSTEM_FOLDERS = List.of("/usr/sbin", "/sbin");

    private final long limitMillis;

    public SystemCommands() {
        this(LIMIT_MILLIS);
    }

    SystemCommands(long limitMillis) {
        this.limitMillis = limitMillis;
    }

    @Override
    public Answer run(String... command) {
        Optional<Path> program = find(command[0]);
        if (program.isEmpty()) {
            return Answer.none(command[0] + " is not installed");
        }
        String[] words = command.clone();
        words[0] = program.get().toString();
        ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        try {
            Process process = builder.start();
            try {
                process.getOutputStream().close();
                return answer(command[0], process);
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            return Answer.none(command[0] + " cannot be run: " + e.getMessage());
        }
    }

    private Answer answer(String name, Process process) {
        CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process));
        try {
            long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMillis);
            String text = output.get(limitMillis, TimeUnit.MILLISECONDS);
            if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                return late(name);
            }
            int status = process.exitValue();
            return status == 0
                    ? Answer.of(text)
                    : Answer.none(name + " failed (" + status + "): "
                            + text.lines().findFirst().orElse("no word"));
        } catch (TimeoutException e) {
            return late(name);
        } catch (ExecutionException e) {
            return Answer.none(name + " cannot be read: " + e.getCause().getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.none(name + " was interrupted");
        }
    }

    private Answer late(String name) {
        return Answer.none(name + " did not answer within " + limitMillis + " ms");
    }

    private static String read(Process process) {
        try (InputStream output = process.getInputStream()) {
            return new String(output.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<Path> find(String name) {
        String searched = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(Arrays.stream(searched.split(File.pathSeparator)), SYSTEM_FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}

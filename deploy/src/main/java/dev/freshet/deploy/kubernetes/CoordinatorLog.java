package dev.freshet.deploy.kubernetes;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the coordinator says, line by line, until it says what came of the run. */
final class CoordinatorLog {
    /** From {@code freshet coordinator --hold}. The directory becomes part of commands and paths here, so it must be one name. */
    private static final Pattern RESULT =
            Pattern.compile("freshet: result ([0-9]{1,3}) (?:-|/results/([A-Za-z0-9_][A-Za-z0-9._-]*))");

    private static final int ATTEMPTS = 5;
    private static final long POLL_MILLIS = 1_000;

    private final Kubectl kubectl;
    private final Consumer<String> reader;
    private long seen;

    /**
     * How the run ended.
     *
     * @param exitCode of the coordinator
     * @param directory the name of the result directory; null if there is none
     */
    record Result(int exitCode, String directory) {}

    /** What is asked once a second. */
    interface Watch {
        /**
         * @param silentMillis for how long nothing was said
         * @throws ClusterUnusable to give up
         */
        void look(long silentMillis) throws ClusterUnusable, IOException, InterruptedException;
    }

    CoordinatorLog(Kubectl kubectl, Consumer<String> reader) {
        this.kubectl = kubectl;
        this.reader = reader;
    }

    /** Follows it to the result. A connection that breaks is made again, without a line lost or repeated. */
    Result follow(Watch watch) throws ClusterUnusable, IOException, InterruptedException {
        String last = "";
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            BlockingQueue<String> lines = new LinkedBlockingQueue<>();
            Process process =
                    kubectl.follow("logs", "--follow", "deployment/freshet-coordinator", "--container=coordinator");
            Thread thread = read(process, lines);
            try {
                long before = seen;
                Result result = drain(lines, thread, watch);
                if (result != null) {
                    return result;
                }
                if (seen > before) {
                    attempt = 0;
                }
                last = process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)
                        ? "; kubectl ended with status " + process.exitValue()
                        : "";
                watch.look(0);
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
            } finally {
                process.destroyForcibly();
            }
        }
        throw new ClusterUnusable("the coordinator's log ended " + ATTEMPTS + " times before it told a result" + last);
    }

    /** Takes lines until the result or, with null, their end. */
    private Result drain(BlockingQueue<String> lines, Thread thread, Watch watch)
            throws ClusterUnusable, IOException, InterruptedException {
        long place = 0;
        long saidNanos = System.nanoTime();
        long lookedNanos = saidNanos;
        while (true) {
            boolean over = !thread.isAlive(); // asked before what it read is taken
            String line = over ? lines.poll() : lines.poll(POLL_MILLIS, TimeUnit.MILLISECONDS);
            if (line == null && over) {
                return null;
            }
            if (System.nanoTime() - lookedNanos >= TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS)) {
                lookedNanos = System.nanoTime();
                watch.look(TimeUnit.NANOSECONDS.toMillis(lookedNanos - saidNanos));
            }
            if (line == null || ++place <= seen) {
                continue; // nothing, or of an earlier connection
            }
            seen = place;
            saidNanos = System.nanoTime();
            Matcher result = RESULT.matcher(line.strip());
            if (result.matches()) {
                return new Result(Integer.parseInt(result.group(1)), result.group(2));
            }
            reader.accept(line);
        }
    }

    private static Thread read(Process process, BlockingQueue<String> lines) {
        Thread thread = new Thread(
                () -> {
                    try (BufferedReader output = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        output.lines().forEach(lines::add);
                    } catch (IOException | UncheckedIOException e) {
                        // it was ended by us; what was read counts
                    }
                },
                "coordinator-log");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}

package dev.freshet.agent.monitor;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.time.EpochClock;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Watches the counters of one network interface: a sample at the start, one a second from then on, one at the end, each a row of a CSV file.
 * What goes wrong stops the recording and nothing else; {@link #problem} then says what it was.
 *
 * <p>Sampling and file belong to the thread {@code interface-monitor}.
 */
public final class InterfaceMonitor implements AutoCloseable {
    private static final long PERIOD_NANOS = 1_000_000_000L;
    private static final long END_SECONDS = 5;

    private final String interfaceName;
    private final Path csv;
    private final EpochClock clock;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile NetworkSample first;
    private volatile NetworkSample latest;
    private volatile String problem;

    /**
     * @param csv the file to write; an older one is replaced
     * @param clock the samples' times are on it
     */
    public InterfaceMonitor(String interfaceName, Path csv, EpochClock clock) {
        this.interfaceName = interfaceName;
        this.csv = csv;
        this.clock = clock;
    }

    /** Begins to watch; does not wait for the first sample. */
    public void start() {
        Thread thread = new Thread(this::run, "interface-monitor");
        thread.setDaemon(true);
        thread.start();
    }

    private void run() {
        try (BufferedWriter file = Files.newBufferedWriter(csv, StandardCharsets.US_ASCII)) {
            file.write(NetworkCsv.HEADER + "\n");
            watch(file);
        } catch (IOException | RuntimeException | LinkageError e) {
            problem = "interface " + interfaceName + " is not recorded: " + e.getMessage();
        } finally {
            ended.countDown();
        }
    }

    private void watch(BufferedWriter file) throws IOException {
        try (InterfaceCounters counters = InterfaceCounters.of(interfaceName)) {
            long startNanos = System.nanoTime();
            first = sample(counters, file);
            for (long second = 1; !stopsBefore(startNanos + second * PERIOD_NANOS); second++) {
                sample(counters, file);
            }
            sample(counters, file);
        }
    }

    private NetworkSample sample(InterfaceCounters counters, BufferedWriter file) throws IOException {
        NetworkSample sample = counters.read(clock.epochMicros());
        latest = sample;
        file.write(NetworkCsv.row(sample) + "\n");
        file.flush();
        return sample;
    }

    /** Waits until a moment; true if it is time to stop instead. */
    private boolean stopsBefore(long nanoTime) {
        try {
            return stopping.await(nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }

    /** The first sample, or null before it was taken. */
    public NetworkSample first() {
        return first;
    }

    /** The newest sample, or null before the first. */
    public NetworkSample latest() {
        return latest;
    }

    /** What stopped the recording, in words for a person; null if nothing did. */
    public String problem() {
        return problem;
    }

    /** Takes the last sample and completes the file; waits for that up to five seconds, and notes it as a {@link #problem} if it takes longer. */
    @Override
    public void close() {
        stopping.countDown();
        try {
            if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
                problem = "the file of interface " + interfaceName + " was not complete " + END_SECONDS
                        + " s after its end";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package dev.freshet.agent.standalone;

import dev.freshet.agent.consumer.RequestServer;
import dev.freshet.agent.consumer.Source;
import dev.freshet.common.InputException;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.SizeMix;
import dev.freshet.common.time.EpochClock;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A single consumer of a single producer, with the seed's options: says {@code start}, answers what comes, and prints what it was. The
 * producer's schedule is not known to it; what is missing is reckoned from sequence number 0, as it was there before the producer started.
 *
 * <p>{@link #run} works in its caller's thread; {@link #stop} is for any other.
 */
public final class StandaloneConsumer {
    private static final int DONE = 0;
    private static final int NO_PRODUCER = 3;
    private static final long FIND_NANOS = 30_000_000_000L;
    private static final long SUBSCRIBER_NANOS = 1_000_000_000L;
    private static final long QUIET_NANOS = 100_000_000L;
    private static final long DRAIN_NANOS = 2_000_000_000L;
    private static final long HANDSHAKE_WAIT_MILLIS = 5;
    private static final long WAIT_MILLIS = 50;
    private static final long END_SECONDS = 10;

    private final ConsumerOptions options;
    private final PrintStream out;
    private final PrintStream err;
    private final PlainTally tally = new PlainTally();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile RequestServer server;
    private volatile boolean stopping;
    private volatile Throwable death;

    /**
     * @param out where the summary goes
     * @param err where a failure goes
     */
    public StandaloneConsumer(ConsumerOptions options, PrintStream out, PrintStream err) {
        this.options = options;
        this.out = out;
        this.err = err;
    }

    /**
     * Serves the producer until the duration is over or {@link #stop} is called, and prints the summary.
     *
     * @return the exit code: 0 done, 3 no producer within 30 s
     * @throws InputException if the answer port cannot be bound
     */
    public int run() {
        long processingNanos = options.processingTime().toNanos();
        int maxSizeBytes = (int) SizeMix.MAX_SIZE_BYTES;
        try (RequestServer opened = new RequestServer(
                EpochClock.anchored(), 1, processingNanos, options.workers(), maxSizeBytes, this::died)) {
            int port = opened.bind("-viz-port", "*", options.vizPort()).get(0);
            server = opened;
            out.println("answers on port " + port);
            Source source = source();
            opened.connect(List.of(source), tally);
            if (!startProducer(opened, source)) {
                return NO_PRODUCER;
            }
            serve(opened);
            drain(opened);
            summary(opened).forEach(out::println);
            return DONE;
        } finally {
            ended.countDown();
        }
    }

    private Source source() {
        String host = "tcp://" + options.producerIp() + ":";
        List<String> endpoints = IntStream.range(0, options.channels())
                .mapToObj(channel -> host + (options.producerDataPort() + channel))
                .toList();
        return new Source("the producer", null, Long.MAX_VALUE, endpoints, host + options.controlPort());
    }

    /**
     * Connects first, so that no message is missed; then gives the producer a moment to subscribe to answers, so that none of these is; not all
     * producers do so before they are started.
     */
    private boolean startProducer(RequestServer opened, Source source) {
        long deadline = System.nanoTime() + FIND_NANOS;
        long subscribedBy = Long.MAX_VALUE;
        while (!stopping) {
            long now = System.nanoTime();
            if (opened.isConnected(0)) {
                subscribedBy = Math.min(subscribedBy, now + SUBSCRIBER_NANOS);
            }
            if (opened.subscribers() > 0 || now > subscribedBy) {
                opened.sayStart();
            }
            List<String> missing = opened.notStarted();
            if (missing.isEmpty()) {
                out.println("started the producer at " + source.startEndpoint());
                return true;
            }
            if (now > deadline) {
                err.println("waited 30 s for " + String.join("; ", missing));
                return false;
            }
            turn(opened, HANDSHAKE_WAIT_MILLIS);
        }
        return true;
    }

    private void serve(RequestServer opened) {
        long durationNanos = options.duration().toNanos();
        long begin = System.nanoTime();
        while (!stopping && (durationNanos == 0 || System.nanoTime() - begin < durationNanos)) {
            turn(opened, WAIT_MILLIS);
        }
    }

    /** Takes what has already arrived. */
    private void drain(RequestServer opened) {
        long now = System.nanoTime();
        long deadline = now + DRAIN_NANOS;
        for (long last = now; now - last < QUIET_NANOS && now < deadline; now = System.nanoTime()) {
            if (turn(opened, HANDSHAKE_WAIT_MILLIS) > 0 || opened.unfinished() > 0) {
                last = now;
            }
        }
    }

    private int turn(RequestServer opened, long maxWaitMillis) {
        if (death != null) {
            throw new IllegalStateException("a thread of the consumer died", death);
        }
        return opened.serve(true, maxWaitMillis);
    }

    private void died(Throwable error) {
        death = error;
    }

    private List<String> summary(RequestServer opened) {
        Counts counts = tally.counts();
        long received = counts.get(Count.RECEIVED);
        double gigabytes = counts.get(Count.RECEIVED_BYTES) / 1e9;
        double seconds = tally.seconds();
        String rates = received < 2
                ? ""
                : String.format(
                        Locale.ROOT,
                        " in %.3f s: %.3f GB/s, %.1f messages/s",
                        seconds,
                        gigabytes / seconds,
                        (received - 1) / seconds);
        return List.of(
                String.format(Locale.ROOT, "received       %d messages, %.3f GB%s", received, gigabytes, rates),
                "missing        " + counts.get(Count.MISSING),
                "duplicates     " + counts.get(Count.DUPLICATES),
                "out of order   " + counts.get(Count.OUT_OF_ORDER),
                "malformed      " + counts.get(Count.MALFORMED),
                "answered       " + opened.answered());
    }

    /** Ends {@link #run} in order: takes what has arrived, prints the summary. Waits for that, up to ten seconds. */
    public void stop() {
        stopping = true;
        RequestServer woken = server;
        if (woken != null) {
            woken.wake();
        }
        try {
            if (!ended.await(END_SECONDS, TimeUnit.SECONDS)) {
                err.println("the consumer has not ended " + END_SECONDS + " s after it was told to");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

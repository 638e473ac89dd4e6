package dev.freshet.agent.standalone;

import dev.freshet.agent.monitor.InterfaceMonitor;
import dev.freshet.agent.producer.ProducerRun;
import dev.freshet.agent.producer.ProducerSetup;
import dev.freshet.agent.producer.TracingPublisher;
import dev.freshet.agent.run.RunEvents;
import dev.freshet.common.InputException;
import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.plan.OnFull;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Shard;
import dev.freshet.common.plan.Timing;
import dev.freshet.common.time.EpochClock;
import dev.freshet.common.time.Schedule;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;

/**
 * A single producer: waits for a consumer to say {@code start}, sends, and ends with a summary.
 *
 * <p>{@link #run} belongs to the calling thread; {@link #stop} may be called by any other.
 */
public final class StandaloneProducer {
    /** Done. */
    public static final int EXIT_DONE = 0;
    /** The run failed. */
    public static final int EXIT_FAILED = 1;
    /** Stopped before its time, the books kept. */
    public static final int EXIT_INTERRUPTED = 130;

    private static final String NAME = "producer";
    private static final long DRAIN_NANOS = 2_000_000_000L;
    private static final long START_AHEAD_NANOS = 10_000_000;

    private final ProducerOptions options;
    private final PrintStream out;
    private final EpochClock clock = EpochClock.anchored();
    private final CompletableFuture<Void> prepared = new CompletableFuture<>();
    private final BlockingQueue<Told> told = new LinkedBlockingQueue<>();
    private final ProducerRun run;

    public StandaloneProducer(ProducerOptions options, PrintStream out) {
        this.options = options;
        this.out = out;
        this.run = new ProducerRun(setup(), clock, new Events());
    }

    private ProducerSetup setup() {
        Timing timing = new Timing(0, options.duration().toNanos(), DRAIN_NANOS);
        Shard.Producing shard = new Shard.Producing(
                NAME,
                options.rate() == null ? null : Schedule.of(options.rate()),
                options.size(),
                options.channels(),
                options.dataPort(),
                options.controlPort(),
                options.rate() == null ? OnFull.WAIT : OnFull.SKIP,
                options.engine(),
                options.waiting(),
                options.measure(),
                timing);
        return new ProducerSetup(
                shard,
                "*",
                options.measurementFile(),
                null,
                options.cache(),
                ProducerSetup.Patience.STANDALONE,
                options.debug() ? publisher -> new TracingPublisher(publisher, out::println) : UnaryOperator.identity(),
                out::println);
    }

    /** What the run's threads tell this one, which has the time to print it; the result with the last one. */
    @FunctionalInterface
    private interface Told {
        /** @return the result, or null as long as the run goes on */
        RunEvents.Result take() throws ExecutionException;
    }

    /** What happens to the run, told by its own threads. */
    private final class Events implements RunEvents {
        @Override
        public void bound(List<String> endpoints, String startEndpoint) {
            out.println("publishing on " + String.join(", ", endpoints));
            out.println("waiting for 'start' on " + startEndpoint);
        }

        @Override
        public void prepared() {
            prepared.complete(null);
        }

        @Override
        public void interval(int interval, Report report) {
            told.add(() -> {
                if (options.debug()) {
                    out.println(line(interval, measured(report.entries())));
                }
                report.giveBack();
                return null;
            });
        }

        @Override
        public void finished(Result result) {
            prepared.complete(null);
            told.add(() -> result);
        }

        @Override
        public void failed(String reason) {
            IllegalStateException failure = new IllegalStateException(reason);
            prepared.completeExceptionally(failure);
            told.add(() -> {
                throw new ExecutionException(failure);
            });
        }
    }

    private static Book measured(List<RunEvents.Entry> entries) {
        return entries.stream()
                .filter(entry -> entry.phase() == Phase.MEASURED)
                .findFirst()
                .map(RunEvents.Entry::book)
                .orElseGet(Book::new);
    }

    private static String line(int interval, Book book) {
        return String.format(
                Locale.ROOT,
                "second %d: sent %d, skipped %d, answered %d",
                interval,
                book.counts().get(Count.SENT),
                book.counts().get(Count.SKIPPED),
                book.counts().get(Count.ANSWERED));
    }

    /** Ends the run before its time; the books are kept and the summary is still printed. */
    public void stop() {
        run.stop("interrupted");
    }

    /**
     * Runs from binding to the summary.
     *
     * @return the exit code
     * @throws InputException if a port is taken or a file cannot be written
     */
    public int run() throws InterruptedException {
        run.open();
        try {
            String answers = "tcp://" + options.vizIp() + ":" + options.vizPort();
            run.connect(List.of(new Peer("the consumer", null, List.of(answers), null, null)));
            prepared.get();
            return runPrepared();
        } catch (ExecutionException e) {
            out.println("failed: " + e.getCause().getMessage());
            return EXIT_FAILED;
        } finally {
            run.release();
        }
    }

    private int runPrepared() throws InterruptedException, ExecutionException {
        RunEvents.Result result;
        long t0Nanos = clock.epochNanos() + START_AHEAD_NANOS;
        InterfaceMonitor network = new InterfaceMonitor(options.interfaceName(), options.networkFile(), clock);
        network.start();
        try (network) {
            run.start(t0Nanos);
            result = awaitResult();
        }
        new ProducerSummary(options, measured(result.totals().get()), run.sending(), t0Nanos, run.preparationNanos())
                .print(out);
        result.notes().forEach(note -> out.println("note: " + note));
        if (network.problem() != null) {
            out.println("note: " + network.problem());
        }
        return run.isStopped() ? EXIT_INTERRUPTED : EXIT_DONE;
    }

    /** Waits for as long as the run takes, which its own threads bound; what they tell meanwhile is dealt with. */
    private RunEvents.Result awaitResult() throws InterruptedException, ExecutionException {
        RunEvents.Result result = null;
        while (result == null) {
            result = told.take().take();
        }
        return result;
    }
}

package dev.freshet.agent.producer;

import dev.freshet.agent.run.RunEvents;
import dev.freshet.common.measure.Book;
import dev.freshet.common.plan.Phase;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps what a run tells. */
final class RecordedEvents implements RunEvents {
    final CompletableFuture<List<String>> bound = new CompletableFuture<>();
    final CompletableFuture<String> startEndpoint = new CompletableFuture<>();
    final CompletableFuture<String> prepared = new CompletableFuture<>();
    final CompletableFuture<Result> finished = new CompletableFuture<>();
    final CompletableFuture<String> failed = new CompletableFuture<>();
    final CompletableFuture<List<Entry>> firstInterval = new CompletableFuture<>();
    final AtomicInteger endings = new AtomicInteger();
    final List<Integer> intervals = Collections.synchronizedList(new ArrayList<>());
    private final Book[] sums = {new Book(), new Book()};

    @Override
    public void bound(List<String> endpoints, String start) {
        bound.complete(endpoints);
        startEndpoint.complete(start);
    }

    @Override
    public void prepared() {
        prepared.complete("prepared");
    }

    @Override
    public void interval(int interval, Report report) {
        intervals.add(interval);
        firstInterval.complete(report.entries());
        report.entries().forEach(entry -> sums[entry.phase().ordinal()].add(entry.book()));
    }

    @Override
    public void finished(Result result) {
        endings.incrementAndGet();
        finished.complete(result);
    }

    @Override
    public void failed(String reason) {
        endings.incrementAndGet();
        failed.complete(reason);
    }

    /** Waits for what comes first of both, at most 20 s. */
    static <T> T await(CompletableFuture<T> wanted, CompletableFuture<String> failed) throws Exception {
        CompletableFuture.anyOf(wanted, failed).get(20, TimeUnit.SECONDS);
        if (!wanted.isDone()) {
            throw new IllegalStateException("failed: " + failed.get());
        }
        return wanted.get();
    }

    /** The sum over the intervals; complete when the run is finished. */
    Book sum(Phase phase) {
        return sums[phase.ordinal()];
    }

    static Book total(Result result, Phase phase) {
        return result.totals().get().stream()
                .filter(entry -> entry.phase() == phase)
                .findFirst()
                .orElseThrow()
                .book();
    }
}

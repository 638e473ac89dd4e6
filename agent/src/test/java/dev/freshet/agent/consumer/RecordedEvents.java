package dev.freshet.agent.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.agent.run.RunEvents;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.Phase;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Keeps what a run tells; a test waits for it. */
final class RecordedEvents implements RunEvents {
    private static final int WAIT_SECONDS = 30;

    final BlockingQueue<List<String>> bound = new LinkedBlockingQueue<>();
    final BlockingQueue<Boolean> prepared = new LinkedBlockingQueue<>();
    final BlockingQueue<Result> finished = new LinkedBlockingQueue<>();
    final BlockingQueue<String> failed = new LinkedBlockingQueue<>();
    final Map<String, Counts> sums = new TreeMap<>();
    private int intervals;

    <T> T await(BlockingQueue<T> queue) throws InterruptedException {
        T event = queue.poll(WAIT_SECONDS, TimeUnit.SECONDS);
        assertThat(event)
                .as("event within %d s; failed: %s", WAIT_SECONDS, failed)
                .isNotNull();
        return event;
    }

    @Override
    public void bound(List<String> endpoints, String startEndpoint) {
        assertThat(startEndpoint).isNull();
        bound.add(endpoints);
    }

    @Override
    public void prepared() {
        prepared.add(true);
    }

    @Override
    public synchronized void interval(int interval, Report report) {
        assertThat(interval).isEqualTo(intervals++);
        for (Entry entry : report.entries()) {
            sums.merge(
                    entry.producer() + " " + entry.phase(),
                    entry.book().counts().copy(),
                    Counts::plus);
        }
    }

    @Override
    public void finished(Result result) {
        finished.add(result);
    }

    @Override
    public void failed(String reason) {
        failed.add(reason);
    }

    /** One figure of the totals, which must be the sum of the intervals. */
    synchronized long total(Result result, String producer, Phase phase, Count count) {
        assertThat(result.intervals()).isEqualTo(intervals);
        Entry entry = result.totals().get().stream()
                .filter(e -> e.producer().equals(producer) && e.phase() == phase)
                .findFirst()
                .orElseThrow();
        assertThat(entry.book().counts()).isEqualTo(sums.get(producer + " " + phase));
        return entry.book().counts().get(count);
    }
}

package dev.freshet.coordinator.books;

import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.plan.Phase;
import java.util.HashMap;
import java.util.Map;

/** Sums of the rows of the measured phase that were told, by producer. */
final class ToldCounts {
    private final Map<String, Counts> own = new HashMap<>();
    private final Map<String, Counts> received = new HashMap<>();
    private int intervals;

    void add(IntervalRow row) {
        intervals = row.interval() + 1;
        if (row.phase() == Phase.MEASURED) {
            row.agents().forEach((agent, book) -> of(own, agent).add(book.counts()));
            row.received().forEach((producer, counts) -> of(received, producer).add(counts));
        }
    }

    int intervals() {
        return intervals;
    }

    /** What a producer counted itself. */
    Counts of(String producer) {
        return of(own, producer);
    }

    /** What its consumers have of it. */
    long received(String producer) {
        return of(received, producer).get(Count.RECEIVED);
    }

    private static Counts of(Map<String, Counts> sums, String agent) {
        return sums.computeIfAbsent(agent, first -> new Counts());
    }
}

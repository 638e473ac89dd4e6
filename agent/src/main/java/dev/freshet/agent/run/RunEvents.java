package dev.freshet.agent.run;

import dev.freshet.common.measure.Book;
import dev.freshet.common.plan.Phase;
import java.util.List;
import java.util.function.Supplier;

/** What a {@link ShardRun} tells its owner. Called from the run's own threads; an implementation posts, and does not block. */
public interface RunEvents {
    /** Sockets are bound; the endpoints are those of {@link dev.freshet.common.control.ToCoordinator.Bound}. */
    void bound(List<String> endpoints, String startEndpoint);

    /** Handshakes done, subscriptions seen. */
    void prepared();

    /** One interval is over. Intervals come in order, from 0, none left out. Each report is given back, in that order. */
    void interval(int interval, Report report);

    /** All is over; the last call. */
    void finished(Result result);

    /** The shard cannot be done; the last call. */
    void failed(String reason);

    /**
     * The books of one interval, as the threads have written them. Putting them together takes a moment that those threads do not have, so it is
     * done by the thread that asks for them.
     */
    interface Report {
        /** One for each producer and phase; the receiver's until it gives them back. */
        List<Entry> entries();

        /** The books have been dealt with: they are written again. */
        void giveBack();
    }

    /** The books of one producer's messages in one phase. */
    record Entry(String producer, Phase phase, Book book) {}

    /**
     * @param intervals how many there were
     * @param totals the sums over all intervals; to be asked for when all reports have been given back
     * @param firstSendNanos when the first message went out, or null
     * @param files what was recorded
     * @param notes what a person should know
     */
    record Result(
            int intervals,
            Supplier<List<Entry>> totals,
            Long firstSendNanos,
            List<Recording> files,
            List<String> notes) {}
}

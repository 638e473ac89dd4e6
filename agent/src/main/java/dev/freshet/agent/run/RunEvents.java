package dev.freshet.agent.run;

import dev.freshet.common.measure.Book;
import dev.freshet.common.plan.Phase;
import java.util.List;

/** What a {@link ShardRun} tells its owner. Called from the run's own threads; an implementation posts, and does not block. */
public interface RunEvents {
    /** Sockets are bound; the endpoints are those of {@link dev.freshet.common.control.ToCoordinator.Bound}. */
    void bound(List<String> endpoints, String startEndpoint);

    /** Handshakes done, subscriptions seen. */
    void prepared();

    /**
     * One interval is over. Intervals come in order, from 0, none left out.
     *
     * @param entries the receiver's until it gives them back
     * @param giveBack to be run when the books have been dealt with, from any thread: they are then written again
     */
    void interval(int interval, List<Entry> entries, Runnable giveBack);

    /** All is over; the last call. */
    void finished(Result result);

    /** The shard cannot be done; the last call. */
    void failed(String reason);

    /** The books of one producer's messages in one phase. */
    record Entry(String producer, Phase phase, Book book) {}

    /**
     * @param intervals how many there were
     * @param totals the sums over all intervals
     * @param firstSendNanos when the first message went out, or null
     * @param files what was recorded
     * @param notes what a person should know
     */
    record Result(int intervals, List<Entry> totals, Long firstSendNanos, List<Recording> files, List<String> notes) {}
}

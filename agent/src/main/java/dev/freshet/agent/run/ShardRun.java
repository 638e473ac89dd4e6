package dev.freshet.agent.run;

import dev.freshet.common.control.ToAgent.Peer;
import dev.freshet.common.time.Timetable;
import java.util.List;
import java.util.Map;

/**
 * One agent's part in one run, from bound sockets to released files. The calls come in this order, and none but {@link #release} blocks:
 * what follows is told to {@link RunEvents}.
 *
 * <pre>
 *   bind() → bound   connect(peers) → prepared   start(t0) → interval… → finished   release()
 * </pre>
 *
 * Anything may be answered by {@code failed} instead; {@link #stop} may come at any time after {@link #bind}, {@link #release} as well.
 */
public interface ShardRun {
    void bind();

    void connect(List<Peer> peers);

    /**
     * @param t0Nanos when sending begins, on the clock that was given to the run, nanoseconds since the epoch
     * @param producersT0Nanos the same on the clock of each producer that a consumer serves; one that is left out has the same clock
     */
    void start(long t0Nanos, Map<String, Long> producersT0Nanos);

    /** As above, where there is one clock. */
    default void start(long t0Nanos) {
        start(t0Nanos, Map.of());
    }

    /**
     * Changes what a producer has to send from a moment on, which should be ahead; it may come at any time after {@link #start}. A consumer takes
     * whatever comes.
     *
     * @throws IllegalArgumentException if it does not go on where the messages before it end, since a change was missed
     */
    void adjust(Timetable.Piece piece);

    /** Ends the run before its time: a producer cancels what is left, a consumer takes what has arrived. */
    void stop(String reason);

    /** Closes all sockets and ends all threads; waits for that, for a bounded time. Files stay: they are the owner's. */
    void release();
}

package dev.freshet.coordinator.channel;

import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * When whom to ping: everybody once a period, spread over it, as answers that queue are late, and late is inexact. Moments are those of
 * {@link System#nanoTime}. What was missed, by a machine that slept, is not made up for.
 */
final class Heartbeat {
    private final long periodNanos;
    private final Set<AgentAddress> left = new LinkedHashSet<>();
    private long beatNanos;
    private long pingNanos;
    private long spacingNanos;

    /** @param nowNanos when the first period begins */
    Heartbeat(long periodMillis, long nowNanos) {
        this.periodNanos = periodMillis * 1_000_000;
        this.beatNanos = nowNanos;
    }

    /** Whether a new period begins. */
    boolean isDue(long nowNanos) {
        return nowNanos - beatNanos >= 0;
    }

    /** Begins it. Who is still left of the one before goes first, but not twice. */
    void begin(Collection<AgentAddress> agents, long nowNanos) {
        beatNanos += periodNanos;
        if (isDue(nowNanos)) {
            beatNanos = nowNanos + periodNanos;
        }
        left.retainAll(Set.copyOf(agents));
        left.addAll(agents);
        spacingNanos = periodNanos / (left.size() + 1);
        pingNanos = nowNanos;
    }

    /** The next whose turn has come; null if there is none. */
    AgentAddress next(long nowNanos) {
        if (left.isEmpty() || nowNanos - pingNanos < 0) {
            return null;
        }
        pingNanos += spacingNanos;
        Iterator<AgentAddress> first = left.iterator();
        AgentAddress next = first.next();
        first.remove();
        return next;
    }

    /** Until there is something to do; at least 1 millisecond. */
    long restMillis(long nowNanos) {
        long untilNanos = beatNanos - nowNanos;
        if (!left.isEmpty()) {
            untilNanos = Math.min(untilNanos, pingNanos - nowNanos);
        }
        return Math.max(1, untilNanos / 1_000_000);
    }
}

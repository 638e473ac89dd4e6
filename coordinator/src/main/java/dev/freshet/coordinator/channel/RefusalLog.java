package dev.freshet.coordinator.channel;

import java.util.HashSet;
import java.util.Set;

/**
 * Decides which refusals are worth a word: one for each source and minute, however many come, and a bounded number of sources in a minute,
 * however many there are.
 */
final class RefusalLog {
    private static final long PERIOD_NANOS = 60_000_000_000L;

    private final int maxSources;
    private final Set<String> told = new HashSet<>();
    private long periodBeganNanos;

    /** @param maxSources in a minute */
    RefusalLog(int maxSources) {
        this.maxSources = maxSources;
    }

    /** @param nowNanos of any clock */
    boolean isNews(String source, long nowNanos) {
        if (nowNanos - periodBeganNanos >= PERIOD_NANOS) {
            told.clear();
            periodBeganNanos = nowNanos;
        }
        return told.size() < maxSources && told.add(source);
    }
}

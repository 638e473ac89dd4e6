package dev.freshet.coordinator.channel;

import java.util.LinkedHashMap;
import java.util.Map;

/** Decides which refusals are worth a line: one for each source and minute, however many come. Remembers a bounded number of sources. */
final class RefusalLog {
    private static final long PERIOD_NANOS = 60_000_000_000L;
    private static final int MAX_SOURCES = 1_000;

    private final Map<String, Long> lastLoggedNanos = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_SOURCES;
        }
    };

    boolean isNews(String source, long nowNanos) {
        Long last = lastLoggedNanos.get(source);
        if (last != null && nowNanos - last < PERIOD_NANOS) {
            return false;
        }
        lastLoggedNanos.put(source, nowNanos);
        return true;
    }
}

package dev.freshet.common.time;

/**
 * One exchange seen from both ends: t1 sent, t2 received, t3 answered, t4 answer received; t1 and t4 on one clock, t2 and t3 on the other,
 * all in the same unit. The sums are those of NTP (RFC 5905, section 8).
 */
public record FourTimestamps(long t1, long t2, long t3, long t4) {
    /** How far the answering clock is ahead of the asking one: ((t2-t1)+(t3-t4))/2. */
    public double clockOffset() {
        return twiceClockOffset(t1, t2, t3, t4) / 2.0;
    }

    /** Half of the round trip less the time spent answering: ((t4-t1)-(t3-t2))/2. Negative only if a clock stepped. */
    public double networkDelay() {
        return twiceNetworkDelay(t1, t2, t3, t4) / 2.0;
    }

    public long processingDelay() {
        return t3 - t2;
    }

    public long totalDelay() {
        return t4 - t1;
    }

    /** Half of a doubled figure, halves away from zero: one rule for rows and histograms. */
    public static long half(long twice) {
        return twice / 2 + twice % 2;
    }

    /** Twice the clock offset, exact in integers; for paths that allocate nothing. */
    public static long twiceClockOffset(long t1, long t2, long t3, long t4) {
        return (t2 - t1) + (t3 - t4);
    }

    /** Twice the network delay, exact in integers; for paths that allocate nothing. */
    public static long twiceNetworkDelay(long t1, long t2, long t3, long t4) {
        return (t4 - t1) - (t3 - t2);
    }
}

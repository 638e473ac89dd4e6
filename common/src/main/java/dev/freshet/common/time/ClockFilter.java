package dev.freshet.common.time;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What the coordinator knows of one agent's clock, from Ping and Pong (t1 and t4 the coordinator's, t2 and t3 the agent's). The exchange with
 * the narrowest round trip of the window gives the offset; half of that round trip bounds its error at that moment, as the true offset cannot
 * lie further away, and from then on the bound grows with the exchange's age, as clocks drift (the clock filter of RFC 5905, section 10).
 * Exchanges that no clocks can produce are counted, and left out.
 *
 * <p>Not thread-safe: owned by one thread.
 */
public final class ClockFilter {
    private static final int WINDOW = 64;

    /** How fast two undisciplined quartz clocks, each within 50 ppm, may part. RFC 5905 takes 15 ppm, for disciplined ones. */
    private static final double TOLERANCE = 100e-6;

    private final Deque<Sample> window = new ArrayDeque<>(WINDOW);
    private Sample first;
    private long impossible;

    private record Sample(long atNanos, double offsetNanos, double errorNanos) {
        double errorNanosAt(long nowNanos) {
            return errorNanos + TOLERANCE * Math.max(0, nowNanos - atNanos);
        }
    }

    /**
     * @param offsetNanos the agent's clock minus the coordinator's
     * @param errorNanos bound on the offset's error at the time of the last exchange
     * @param driftPpm change of the offset since the first exchange, in microseconds per second; null until ten seconds have passed
     * @param exchanges how many the estimate rests on
     * @param impossible exchanges that no clocks can produce (a negative delay)
     */
    public record Estimate(double offsetNanos, double errorNanos, Double driftPpm, int exchanges, long impossible) {}

    /** Adds one exchange, in nanoseconds since the epoch. */
    public void add(FourTimestamps exchange) {
        if (exchange.networkDelay() < 0 || exchange.processingDelay() < 0) {
            impossible++;
            return;
        }
        Sample sample = new Sample(exchange.t4(), exchange.clockOffset(), exchange.networkDelay());
        if (window.size() == WINDOW) {
            window.removeFirst();
        }
        window.addLast(sample);
        if (first == null
                || (sample.errorNanos < first.errorNanos && sample.atNanos - first.atNanos < 1_000_000_000L)) {
            first = sample;
        }
    }

    /** The estimate so far, or null before the first possible exchange. */
    public Estimate estimate() {
        if (window.isEmpty()) {
            return null;
        }
        long nowNanos = window.getLast().atNanos;
        Sample best = window.getLast();
        for (Sample sample : window) {
            if (sample.errorNanosAt(nowNanos) < best.errorNanosAt(nowNanos)) {
                best = sample;
            }
        }
        long apartNanos = best.atNanos - first.atNanos;
        Double drift = apartNanos < 10_000_000_000L ? null : (best.offsetNanos - first.offsetNanos) / apartNanos * 1e6;
        return new Estimate(best.offsetNanos, best.errorNanosAt(nowNanos), drift, window.size(), impossible);
    }
}

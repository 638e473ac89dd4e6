package dev.freshet.coordinator.books;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import java.util.TreeMap;

/**
 * What an agent handed to the network between the first and the last sample of its interface's counters. The samples do not fall on the
 * intervals' bounds, so the bytes of the interval that a sample cuts are shared out by time; without that a short run would be seconds of
 * traffic out.
 */
final class InterfaceWindow {
    /** A sample is never further than this from the interval that brings it. */
    private static final int EDGE_INTERVALS = 8;

    /** Bytes sent before the interval of that number; kept for the first and the last few intervals only, so that memory stays constant. */
    private final TreeMap<Integer, Long> sentBefore = new TreeMap<>();

    private final int sendingIntervals;
    private NetworkSample before;
    private InterfaceRate latest;
    private NetworkSample whileSendingFirst;
    private NetworkSample whileSendingLast;
    private NetworkSample first;
    private NetworkSample last;
    private long sent;
    private int intervals;

    /** @param sendingIntervals in how many intervals messages are due */
    InterfaceWindow(int sendingIntervals) {
        this.sendingIntervals = sendingIntervals;
    }

    /** Adds one interval. */
    void add(long wireBytes, NetworkSample sample) {
        // the first interval brings the sample from before T0; what comes after the last message says nothing of a rate
        if (sample != null && intervals > 0 && intervals < sendingIntervals) {
            whileSendingFirst = whileSendingFirst == null ? sample : whileSendingFirst;
            whileSendingLast = sample;
        }
        sentBefore.put(intervals, sent);
        sent += wireBytes;
        intervals++;
        int outdated = intervals - EDGE_INTERVALS;
        if (outdated > EDGE_INTERVALS) {
            sentBefore.remove(outdated);
        }
        latest = rate(before, sample);
        if (sample != null) {
            before = sample;
            first = first == null ? sample : first;
            last = sample;
        }
    }

    /** What the interface carried between the samples of the last two intervals; null if one of them brought none. */
    InterfaceRate latest() {
        return latest;
    }

    /** Takes the sample after the last message; null if there is none. */
    void end(NetworkSample sample) {
        last = sample == null ? last : sample;
    }

    NetworkSample first() {
        return first;
    }

    NetworkSample last() {
        return last;
    }

    /** What the interface carried while messages were due; null if it was not sampled twice in that time. */
    InterfaceRate rate() {
        return rate(whileSendingFirst, whileSendingLast);
    }

    private static InterfaceRate rate(NetworkSample from, NetworkSample to) {
        if (from == null || to == null || to.atMicros() <= from.atMicros()) {
            return null;
        }
        double seconds = (to.atMicros() - from.atMicros()) / 1e6;
        return new InterfaceRate(
                seconds, (to.bytesSent() - from.bytesSent()) / seconds, (to.bytesRecv() - from.bytesRecv()) / seconds);
    }

    /**
     * Bytes handed over between the two samples, with headers and frame lengths; null if there are not two samples.
     *
     * @param t0Micros T0 on the clock that stamped the samples, microseconds since the epoch
     */
    Long sentBytes(long t0Micros) {
        if (first == null || last.atMicros() <= first.atMicros()) {
            return null;
        }
        Double from = sentAt((first.atMicros() - t0Micros) / 1e6);
        Double to = sentAt((last.atMicros() - t0Micros) / 1e6);
        return from == null || to == null ? null : Long.valueOf(Math.round(to - from));
    }

    private Double sentAt(double seconds) {
        if (seconds <= 0) {
            return 0.0;
        }
        int interval = (int) seconds;
        if (interval >= intervals) {
            return (double) sent;
        }
        Long before = sentBefore.get(interval);
        Long after = interval + 1 == intervals ? Long.valueOf(sent) : sentBefore.get(interval + 1);
        return before == null || after == null
                ? null
                : Double.valueOf(before + (seconds - interval) * (after - before));
    }
}

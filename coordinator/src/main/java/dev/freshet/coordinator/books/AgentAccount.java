package dev.freshet.coordinator.books;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Counts;
import java.time.Instant;

/**
 * What stands in the books of one agent.
 *
 * @param party the agent and its part
 * @param intervals how many it reported
 * @param measured sum over its intervals of the measured phase
 * @param warmup the same of the warm-up, counts only
 * @param lastSendNanos bound on when its last measured message went out, nanoseconds after T0; null if none did
 * @param host what it did to its host
 * @param firstSample of its interface's counters, or null
 * @param lastSample the last one, or null
 * @param sentBetweenSamples bytes it handed to the network between the two samples; null if not known
 * @param rate what its interface carried while messages were sent; null if not known
 * @param loss why it is not there any more, or null
 */
public record AgentAccount(
        Party party,
        int intervals,
        Book measured,
        Counts warmup,
        Long lastSendNanos,
        HostUse host,
        NetworkSample firstSample,
        NetworkSample lastSample,
        Long sentBetweenSamples,
        InterfaceRate rate,
        Loss loss) {
    /**
     * An agent that did not reach its end.
     *
     * @param at when it was given up, on the coordinator's clock
     * @param reason in words
     */
    public record Loss(Instant at, String reason) {}

    /** What the interface sent between the samples, whoever sent it; null if it was not sampled twice. */
    public Long interfaceBytesSent() {
        return firstSample == null || lastSample.atMicros() <= firstSample.atMicros()
                ? null
                : Long.valueOf(lastSample.bytesSent() - firstSample.bytesSent());
    }

    /** Packets the interface sent between the samples; null if it was not sampled twice. */
    public Long interfacePacketsSent() {
        return interfaceBytesSent() == null ? null : Long.valueOf(lastSample.packetsSent() - firstSample.packetsSent());
    }
}

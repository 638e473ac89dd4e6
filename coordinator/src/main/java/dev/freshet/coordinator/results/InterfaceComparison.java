package dev.freshet.coordinator.results;

import dev.freshet.common.measure.Ledger;
import dev.freshet.common.plan.Role;
import dev.freshet.common.units.ByteSize;
import dev.freshet.coordinator.books.AgentAccount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What the producers on one interface of one host say they sent, against what the interface's own counters say left by it, over the same
 * stretch of time. Counters are those of the interface, not of the agent: they count whatever else used it as well.
 *
 * @param shared whether answers and other agents use it as well by right: on loopback, or where a consumer sits
 * @param applicationBytes with headers, topics and frame lengths, as handed to TCP
 * @param interfaceBytes by the counters
 * @param controlBytes at most so much of the counters is what the agents told the coordinator
 * @param receivedShare of what was sent, the share that reached a consumer: only that much must have left, as the rest may have waited in vain for a
 *     link that was full; 1 if it is not known
 * @param elsewhere if less left than was sent: the interface of the same host that carried more than its producers sent; null if there is none
 * @param overheadBytes estimate of the headers below TCP: packets times {@link #PACKET_HEADER_BYTES}
 */
record InterfaceComparison(
        Place place,
        boolean shared,
        long applicationBytes,
        long interfaceBytes,
        long overheadBytes,
        long controlBytes,
        double receivedShare,
        InterfaceComparison elsewhere) {
    /** Ethernet 14, IPv4 20, TCP 20 with 12 of timestamps. */
    static final int PACKET_HEADER_BYTES = 66;

    /** Counters are read once a second and shared out by time; that much they may be out. */
    private static final double LEAST_SHARE = 0.99;

    private static final double MOST_SHARE = 1.03;

    /** What an agent tells in an interval: counts, and the histograms of its latencies. */
    private static final int PROGRESS_BYTES = 32 << 10;

    /** One for each interface on which producers have samples; without any, none. */
    static List<InterfaceComparison> of(RunFacts facts) {
        Map<Place, List<AgentFacts>> byPlace = new LinkedHashMap<>();
        for (AgentFacts agent : facts.agents()) {
            AgentAccount account = facts.account().agents().get(agent.name());
            if (account.party().role() == Role.PRODUCER) {
                byPlace.computeIfAbsent(Place.of(agent), p -> new ArrayList<>()).add(agent);
            }
        }
        List<InterfaceComparison> comparisons = new ArrayList<>();
        byPlace.forEach((place, agents) -> {
            InterfaceComparison comparison = of(facts, place, agents);
            if (comparison != null) {
                comparisons.add(comparison);
            }
        });
        return comparisons.stream()
                .map(comparison -> comparison.beside(comparisons))
                .toList();
    }

    /** With the interface that carried what did not leave by this one: a host may send an address's messages by another interface. */
    private InterfaceComparison beside(List<InterfaceComparison> all) {
        InterfaceComparison instead = !carriedTooLittle()
                ? null
                : all.stream()
                        .filter(other ->
                                other.place.host().equals(place.host()) && !other.shared && other.carriedTooMuch())
                        .findFirst()
                        .orElse(null);
        return new InterfaceComparison(
                place, shared, applicationBytes, interfaceBytes, overheadBytes, controlBytes, receivedShare, instead);
    }

    private static InterfaceComparison of(RunFacts facts, Place place, List<AgentFacts> agents) {
        long application = 0;
        long carried = 0;
        long packets = 0;
        long intervals = 0;
        Ledger ledger = Ledger.EMPTY;
        for (AgentFacts agent : agents) {
            AgentAccount account = facts.account().agents().get(agent.name());
            if (account.sentBetweenSamples() == null || account.interfaceBytesSent() == null) {
                return null; // one of them was not seen to its end, so the sum is not known
            }
            application += account.sentBetweenSamples();
            carried = Math.max(carried, account.interfaceBytesSent());
            packets = Math.max(packets, account.interfacePacketsSent());
            intervals += account.intervals();
            ledger = ledger.plus(facts.account().ledgers().get(agent.name()));
        }
        return new InterfaceComparison(
                place,
                agents.get(0).onLoopback() || consumerAt(facts, place),
                application,
                carried,
                packets * PACKET_HEADER_BYTES,
                intervals * PROGRESS_BYTES,
                receivedShare(ledger),
                null);
    }

    private static double receivedShare(Ledger ledger) {
        return ledger.received() == null || ledger.sent() == 0 ? 1 : (double) ledger.received() / ledger.sent();
    }

    private static boolean consumerAt(RunFacts facts, Place place) {
        return facts.agents().stream()
                .filter(agent -> place.equals(Place.of(agent)))
                .anyMatch(agent ->
                        facts.account().agents().get(agent.name()).party().role() == Role.CONSUMER);
    }

    boolean carriedTooLittle() {
        return interfaceBytes < LEAST_SHARE * receivedShare * applicationBytes;
    }

    boolean carriedTooMuch() {
        return interfaceBytes - controlBytes > MOST_SHARE * (applicationBytes + overheadBytes);
    }

    String statement() {
        String share = applicationBytes == 0
                ? ""
                : String.format(
                        Locale.ROOT, " (%+.1f %%)", 100.0 * (interfaceBytes - applicationBytes) / applicationBytes);
        return "Interface " + (place.interfaceName() == null ? "(loopback)" : place.interfaceName()) + " of "
                + place.host() + " carried "
                + ByteSize.humanDecimal(interfaceBytes) + " where its producers sent "
                + ByteSize.humanDecimal(applicationBytes) + share + verdict() + ".";
    }

    private String verdict() {
        if (carriedTooLittle()) {
            return ": less than was sent, so part of it left by another way or not at all"
                    + (elsewhere == null
                            ? ""
                            : "; " + elsewhere.place.interfaceName() + " of the same host carried "
                                    + ByteSize.humanDecimal(elsewhere.interfaceBytes - elsewhere.applicationBytes)
                                    + " more than its own producers sent");
        }
        return carriedTooMuch() ? ": other traffic, or more than one subscriber, used it as well" : "";
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("application_bytes", applicationBytes);
        figures.put("interface_bytes", interfaceBytes);
        figures.put("overhead_bytes", overheadBytes);
        figures.put("statement", statement());
        return figures;
    }
}

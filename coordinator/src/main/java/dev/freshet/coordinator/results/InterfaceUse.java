package dev.freshet.coordinator.results;

import dev.freshet.coordinator.books.InterfaceRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of its speed one interface used while messages were sent. Counters are those of the interface: they count whatever else used it as
 * well.
 *
 * @param agents that are bound to it
 * @param speedBitsPerSecond null if not known
 * @param rate what it carried, by the agent that saw it for longest; null if it was not sampled often enough
 */
record InterfaceUse(Place place, List<String> agents, Long speedBitsPerSecond, InterfaceRate rate) {
    /** From here on an interface is full: headers of frames and gaps between them, which no counter counts, take some percent. */
    private static final double FULL_SHARE = 0.9;

    /** One for each interface that agents are bound to, in their order. */
    static Map<Place, InterfaceUse> of(RunFacts facts) {
        Map<Place, InterfaceUse> uses = new LinkedHashMap<>();
        for (AgentFacts agent : facts.agents()) {
            InterfaceUse alone = new InterfaceUse(
                    Place.of(agent),
                    List.of(agent.name()),
                    agent.speedBitsPerSecond(),
                    facts.account().agents().get(agent.name()).rate());
            uses.merge(alone.place, alone, InterfaceUse::with);
        }
        return uses;
    }

    private InterfaceUse with(InterfaceUse other) {
        List<String> all = new ArrayList<>(agents);
        all.addAll(other.agents);
        boolean longer = rate == null || (other.rate != null && other.rate.seconds() > rate.seconds());
        return new InterfaceUse(
                place,
                all,
                speedBitsPerSecond == null ? other.speedBitsPerSecond : speedBitsPerSecond,
                longer ? other.rate : rate);
    }

    /** Share of the link's speed that was used for sending; null if not known. */
    Double sentShare() {
        return rate == null ? null : share(rate.sentBytesPerSecond());
    }

    /** Share of the link's speed that was used for receiving; null if not known. */
    Double receivedShare() {
        return rate == null ? null : share(rate.receivedBytesPerSecond());
    }

    private Double share(double bytesPerSecond) {
        return speedBitsPerSecond == null ? null : Double.valueOf(bytesPerSecond * Byte.SIZE / speedBitsPerSecond);
    }

    boolean isFullSending() {
        return sentShare() != null && sentShare() >= FULL_SHARE;
    }

    boolean isFullReceiving() {
        return receivedShare() != null && receivedShare() >= FULL_SHARE;
    }

    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("host", place.host());
        figures.put("interface", place.interfaceName());
        figures.put("agents", agents);
        figures.put("speed_bits_per_s", speedBitsPerSecond);
        figures.put("sent_bytes_per_s", rate == null ? null : rate.sentBytesPerSecond());
        figures.put("sent_share", sentShare());
        figures.put("received_bytes_per_s", rate == null ? null : rate.receivedBytesPerSecond());
        figures.put("received_share", receivedShare());
        return figures;
    }
}

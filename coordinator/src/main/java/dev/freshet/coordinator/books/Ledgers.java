package dev.freshet.coordinator.books;

import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Ledger;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Each producer's ledger, from its own books and those of the consumer that serves it. A producer that was lost cannot tell what it did after
 * its last report: what its consumer has of it was sent, and what is then missing of its schedule counts as cancelled.
 */
final class Ledgers {
    private final Collection<AgentBooks> agents;

    Ledgers(Collection<AgentBooks> agents) {
        this.agents = agents;
    }

    Map<String, Ledger> byProducer(Phase phase) {
        Map<String, Ledger> ledgers = new LinkedHashMap<>();
        for (AgentBooks books : agents) {
            if (books.party().role() == Role.PRODUCER) {
                ledgers.put(books.party().agent(), ledger(books, phase));
            }
        }
        return ledgers;
    }

    Ledger sum(Phase phase) {
        return byProducer(phase).values().stream().reduce(Ledger.EMPTY, Ledger::plus);
    }

    private Ledger ledger(AgentBooks producer, Phase phase) {
        String name = producer.party().agent();
        Counts counts = producer.counts(name, phase);
        Long received = received(name, phase);
        return Ledger.of(producer.lost() ? completed(producer, counts, phase, received) : counts, received);
    }

    /** What the consumer that serves the producer has of it; null if there is none, or it was lost. */
    private Long received(String producer, Phase phase) {
        for (AgentBooks books : agents) {
            if (books.party().serves().contains(producer)) {
                return books.lost()
                        ? null
                        : Long.valueOf(books.counts(producer, phase).get(Count.RECEIVED));
            }
        }
        return null;
    }

    private static Counts completed(AgentBooks producer, Counts reported, Phase phase, Long received) {
        long sent = Math.max(reported.get(Count.SENT), received == null ? 0 : received);
        // more went out than it had to send if it did not hear any more that it was to be slower
        long scheduled = Math.max(producer.party().messages(phase), sent + reported.get(Count.SKIPPED));
        Counts completed = reported.copy();
        completed.set(Count.SCHEDULED, scheduled);
        completed.set(Count.SENT, sent);
        completed.set(Count.CANCELLED, scheduled - sent - reported.get(Count.SKIPPED));
        return completed;
    }
}

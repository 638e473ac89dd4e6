package dev.freshet.coordinator.results;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Ledger;
import dev.freshet.common.measure.Metric;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.RateSteps;
import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.books.AgentAccount;
import dev.freshet.coordinator.books.Party;
import dev.freshet.coordinator.books.Percentiles;
import dev.freshet.coordinator.results.Summary.Load;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Target and achieved load of a run and of its agents.
 *
 * <p>Achieved is what was received, where consumers of ours can tell, else what was sent; never what was scheduled. It is divided by the time it
 * really took: the measured phase, or longer if messages went out after its end. That end is known from the last interval in which something
 * was sent and from how late the latest message of that interval was; the lesser bound counts. A run that was cut short is divided by the
 * time it had.
 */
final class Figures {
    private static final double NANOS = 1e9;

    private final RunFacts facts;

    Figures(RunFacts facts) {
        this.facts = facts;
    }

    Load target() {
        return target(facts.plan(), meanHertz(facts.rates()));
    }

    /** @param hertz what is asked for, the mean over the measured phase; null if the plan is unpaced */
    static Load target(Plan plan, Double hertz) {
        return new Load(
                hertz,
                plan.sizes().meanSizeBytes(),
                plan.duration().toNanos() / NANOS,
                hertz == null ? null : Double.valueOf(hertz * plan.sizes().meanSizeBytes()),
                null);
    }

    /** Over the same time as what was achieved. */
    private Double meanHertz(RateSteps rates) {
        Long cut = facts.ending().afterT0Nanos();
        return cut == null ? rates.meanHertz() : rates.meanHertzUntil(cut);
    }

    Load achieved() {
        Counts counts = facts.account().measured().counts();
        Ledger ledger = facts.account().ledger();
        Long lastSend = facts.account().agents().values().stream()
                .map(AgentAccount::lastSendNanos)
                .filter(Objects::nonNull)
                .max(Long::compare)
                .orElse(null);
        double seconds = seconds(lastSend);
        return ledger.received() == null
                ? load(ledger.sent(), counts.get(Count.SENT_BYTES), seconds, "sent")
                : load(ledger.received(), counts.get(Count.RECEIVED_BYTES), seconds, "received");
    }

    /** Of a producer, what came of its messages; of a consumer, what it received. */
    Load achieved(AgentAccount account) {
        Counts counts = account.measured().counts();
        double seconds = seconds(account.lastSendNanos());
        if (account.party().role() == Role.CONSUMER) {
            return load(counts.get(Count.RECEIVED), counts.get(Count.RECEIVED_BYTES), seconds, "received");
        }
        Ledger ledger = facts.account().ledgers().get(account.party().agent());
        if (ledger.received() == null) {
            return load(counts.get(Count.SENT), counts.get(Count.SENT_BYTES), seconds, "sent");
        }
        double meanBytes =
                counts.get(Count.SENT) == 0 ? 0 : (double) counts.get(Count.SENT_BYTES) / counts.get(Count.SENT);
        return load(ledger.received(), Math.round(ledger.received() * meanBytes), seconds, "received");
    }

    private double seconds(Long lastSendNanos) {
        long warmup = facts.plan().warmup().toNanos();
        long planned = facts.plan().timing().sendingNanos();
        Long cut = facts.ending().afterT0Nanos();
        long end = lastSendNanos == null ? planned : Math.max(planned, lastSendNanos);
        return Math.max(0, (cut == null ? end : Math.min(cut, end)) - warmup) / NANOS;
    }

    static Load load(long messages, long bytes, double seconds, String basis) {
        return new Load(
                seconds == 0 ? null : messages / seconds,
                messages == 0 ? null : (double) bytes / messages,
                seconds,
                seconds == 0 ? null : bytes / seconds,
                basis);
    }

    /** Messages per second that an agent was asked for, the mean over the measured phase; null for an unpaced producer and for a consumer. */
    Double targetHertz(Party party) {
        return party.rates() == null ? null : meanHertz(party.rates());
    }

    static Map<String, Percentiles> latency(Book book) {
        Map<String, Percentiles> latency = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            latency.put(metric.toString(), Percentiles.of(book, metric));
        }
        return latency;
    }
}

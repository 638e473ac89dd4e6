package dev.freshet.coordinator.results;

import dev.freshet.common.measure.Count;
import dev.freshet.common.measure.Counts;
import dev.freshet.common.measure.Ledger;
import dev.freshet.common.plan.Measure;
import dev.freshet.coordinator.results.Summary.Load;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Notes: what the system under test did, or what a reader should know; none of it says anything against the measurement. */
final class Remarks {
    private final RunFacts facts;
    private final List<String> notes = new ArrayList<>();

    private Remarks(RunFacts facts) {
        this.facts = facts;
    }

    /** @param causes of each producer's shortfall, in words */
    static List<String> of(
            RunFacts facts, Load target, Load achieved, List<InterfaceComparison> interfaces, List<String> causes) {
        Remarks found = new Remarks(facts);
        found.ending();
        found.changes();
        found.rows();
        found.shortfall(target, achieved, causes);
        found.silence();
        found.oddities();
        for (InterfaceComparison comparison : interfaces) {
            if (comparison.shared() && comparison.carriedTooMuch()) {
                found.notes.add(comparison.statement());
            }
        }
        return found.notes;
    }

    private void ending() {
        if (!facts.ending().state().equals("done")) {
            String reason =
                    facts.ending().reason() == null ? "" : ": " + facts.ending().reason();
            notes.add("The run was cut short (" + facts.ending().state() + reason + ").");
        }
    }

    private void changes() {
        if (!facts.rates().changes().isEmpty()) {
            notes.add(facts.rates().changes().stream()
                    .map(change -> change.rate() + " from second " + change.fromInterval() + " on")
                    .collect(Collectors.joining(", ", "The rate was changed: ", "; the target is the mean.")));
        }
    }

    private void rows() {
        Measure measure = facts.plan().measure();
        if (measure.equals(Measure.NONE)) {
            notes.add("No answer has a row in a measurement file (measure none); all are in the figures.");
        } else if (!measure.equals(Measure.ALL)) {
            notes.add("The answers to one message in " + measure.every()
                    + " have a row in the measurement file (measure " + measure + "); all are in the figures.");
        }
    }

    private void shortfall(Load target, Load achieved, List<String> causes) {
        Ledger ledger = facts.account().ledger();
        if (ledger.skipped() > 0) {
            notes.add(ledger.skipped() + " of " + ledger.scheduled()
                    + " messages were skipped at the high-water mark"
                    + (causes.isEmpty() ? ": what reads did not keep up." : "."));
        }
        notes.addAll(causes);
        if (achieved.rateHertz() == null
                || target.rateHertz() == null
                || achieved.rateHertz() >= Shortfalls.WHOLE_SHARE * target.rateHertz()) {
            return;
        }
        String lost = ledger.lost() == null ? "unknown" : String.valueOf(ledger.lost());
        notes.add(String.format(
                Locale.ROOT,
                "Achieved %.1f of %.1f messages a second (%.1f %%): skipped %d, cancelled %d, lost on the way %s;"
                        + " sending took %.2f s of %.2f s planned.",
                achieved.rateHertz(),
                target.rateHertz(),
                100 * achieved.rateHertz() / target.rateHertz(),
                ledger.skipped(),
                ledger.cancelled(),
                lost,
                achieved.durationSeconds(),
                target.durationSeconds()));
    }

    /** Of an external consumer nothing is known but its answers. */
    private void silence() {
        if (facts.plan().external().isEmpty()) {
            return;
        }
        facts.account().ledgers().forEach((producer, ledger) -> {
            if (ledger.sent() > 0 && ledger.answered() == 0) {
                notes.add("None of the " + ledger.sent() + " messages of " + producer
                        + " was answered by its external consumer.");
            }
        });
    }

    private void oddities() {
        Counts counts = facts.account().measured().counts();
        note(counts.get(Count.MALFORMED), "requests did not parse");
        note(counts.get(Count.MALFORMED_ANSWERS), "answers did not parse");
        if (!consumersAreShared()) {
            note(counts.get(Count.FOREIGN_ANSWERS), "answers had another producer's id");
        }
        note(counts.get(Count.DUPLICATE_ANSWERS), "answers came twice");
        note(counts.get(Count.DUPLICATES), "messages reached a consumer twice");
        note(counts.get(Count.OUT_OF_ORDER), "messages reached a consumer out of order");
    }

    /** Every producer of a shared consumer gets all its answers, and leaves out those that are not its own: that is no oddity. */
    private boolean consumersAreShared() {
        boolean externalOnes = !facts.plan().external().isEmpty()
                && facts.plan().external().size() < facts.plan().agents();
        return externalOnes
                || facts.account().agents().values().stream()
                        .anyMatch(agent -> agent.party().serves().size() > 1);
    }

    private void note(long count, String what) {
        if (count > 0) {
            notes.add(count + " " + what + ".");
        }
    }
}

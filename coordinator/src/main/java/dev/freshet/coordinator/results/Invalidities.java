package dev.freshet.coordinator.results;

import dev.freshet.common.measure.Ledger;
import dev.freshet.common.plan.Role;
import java.util.ArrayList;
import java.util.List;

/** What makes a measurement INVALID: its own books contradict each other, or there is nothing in them. */
final class Invalidities {
    private final RunFacts facts;
    private final List<String> reasons = new ArrayList<>();

    private Invalidities(RunFacts facts) {
        this.facts = facts;
    }

    static List<String> of(RunFacts facts) {
        Invalidities found = new Invalidities(facts);
        found.nothing();
        found.ledgers();
        found.mismatches();
        return found.reasons;
    }

    private void nothing() {
        Ledger ledger = facts.account().ledger();
        boolean nobodyLeft = facts.account().agents().values().stream()
                .filter(account -> account.party().role() == Role.PRODUCER)
                .allMatch(account -> account.loss() != null);
        if (nobodyLeft) {
            reasons.add("Every producer was lost.");
        }
        if (ledger.sent() == 0) {
            reasons.add("Nothing was sent in the measured phase.");
        } else if (ledger.measured() == 0 && facts.ownConsumers()) {
            reasons.add("Nothing was measured: of " + ledger.sent() + " messages sent, none was answered in time.");
        }
    }

    private void ledgers() {
        facts.account().ledgers().forEach((producer, ledger) -> {
            if (!ledger.balanced()) {
                reasons.add("The ledger of " + producer + " does not balance: " + lines(ledger) + ".");
            }
        });
        Ledger fleet = facts.account().ledger();
        boolean eachBalances = facts.account().ledgers().values().stream().allMatch(Ledger::balanced);
        if (eachBalances && !fleet.balanced()) {
            reasons.add("The fleet's ledger does not balance: " + lines(fleet) + ".");
        }
    }

    private static String lines(Ledger ledger) {
        String lines = "scheduled " + ledger.scheduled() + ", sent " + ledger.sent() + ", skipped " + ledger.skipped()
                + ", cancelled " + ledger.cancelled();
        if (ledger.received() != null) {
            lines += ", received " + ledger.received();
        }
        return lines + ", answered " + ledger.answered() + ", measured " + ledger.measured() + ", late "
                + ledger.late();
    }

    private void mismatches() {
        facts.account().mismatches().forEach(mismatch -> reasons.add("Totals differ: " + mismatch + "."));
    }
}

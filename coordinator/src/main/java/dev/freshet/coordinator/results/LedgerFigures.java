package dev.freshet.coordinator.results;

import dev.freshet.common.measure.Ledger;

/** A {@link Ledger} as {@code summary.json} has it. Null means not known. */
public record LedgerFigures(
        long scheduled,
        long sent,
        long skipped,
        long cancelled,
        Long received,
        Long lost,
        long answered,
        Long unanswered,
        long measured,
        long late,
        boolean balanced) {
    public static LedgerFigures of(Ledger ledger) {
        return new LedgerFigures(
                ledger.scheduled(),
                ledger.sent(),
                ledger.skipped(),
                ledger.cancelled(),
                ledger.received(),
                ledger.lost(),
                ledger.answered(),
                ledger.unanswered(),
                ledger.measured(),
                ledger.late(),
                ledger.balanced());
    }
}

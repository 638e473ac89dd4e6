package dev.freshet.coordinator.books;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Ledger;
import java.util.List;
import java.util.Map;

/**
 * What the books of a run come to.
 *
 * @param agents by name, in the order of the plan
 * @param measured the fleet's sum over the measured phase: exactly the sum of the {@code measured} rows
 * @param warmup the same of the warm-up
 * @param ledgers of each producer, by name, measured phase
 * @param ledger their sum
 * @param warmupLedger of the warm-up, all producers
 * @param mismatches each figure in which an agent's totals differ from the sum of its intervals, in words
 */
public record RunAccount(
        Map<String, AgentAccount> agents,
        Book measured,
        Book warmup,
        Map<String, Ledger> ledgers,
        Ledger ledger,
        Ledger warmupLedger,
        List<String> mismatches) {}

package dev.freshet.coordinator.books;

import dev.freshet.common.measure.Book;
import dev.freshet.common.measure.Ledger;
import java.util.Map;

/**
 * What the measured phase has come to while a run goes on: of the rows that were told, so that producers and consumers are compared at the same
 * second. What is sent and not received, or received and not answered, may be on its way.
 *
 * @param intervals how many intervals were told, of whatever phase
 * @param measured sum of the fleet; the receiver must not write it
 * @param ledgers by producer
 * @param ledger their sum
 */
public record SoFar(int intervals, Book measured, Map<String, Ledger> ledgers, Ledger ledger) {}

/** The books of a run in memory: what the agents reported, as rows, totals and ledgers. Pure: no threads, no files, no sockets. */
package dev.freshet.coordinator.books;

/** The runs in a results directory: a list, one of them, and two compared. Reads files; knows of no run in progress. */
package dev.freshet.coordinator.history;

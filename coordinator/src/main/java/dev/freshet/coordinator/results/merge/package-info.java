/** Merging the agents' files by time, by streaming: memory does not depend on how much there is. */
package dev.freshet.coordinator.results.merge;

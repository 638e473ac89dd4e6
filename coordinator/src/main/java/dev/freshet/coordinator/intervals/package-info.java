/** The figures of one interval, as files, feed and terminal tell them: made once from the books, so that all of them say the same. */
package dev.freshet.coordinator.intervals;

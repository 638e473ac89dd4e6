/** What a run leaves behind: its directory, its summary and verdict, its gates, its report. Functions of the run's facts, and plain files. */
package dev.freshet.coordinator.results;

/** The files of a run that are written while it goes on. Plain files, one writer thread at a time. */
package dev.freshet.coordinator.results.recording;

/** What a person looks at after a run: the data of its charts, and one HTML file that shows them anywhere. Made from the result directory alone. */
package dev.freshet.coordinator.results.report;

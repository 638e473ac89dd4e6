/** Where the files of the page lie: the coordinator serves them, and every report has those within it that it needs. */
package dev.freshet.coordinator.page;

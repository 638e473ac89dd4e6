/** The coordinator over HTTP: the page, the API and the live feed. Owned by the coordinator's context; nothing here waits. */
package dev.freshet.coordinator.web;

/** Coordinator, fleet and run as Prometheus has them: functions of what the live feed's snapshots say. */
package dev.freshet.coordinator.metrics;

/** What is told live of the fleet and of the run in progress: a log and snapshots, which each subscriber pulls at its own pace. */
package dev.freshet.coordinator.live;

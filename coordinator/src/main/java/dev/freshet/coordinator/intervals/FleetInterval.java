package dev.freshet.coordinator.intervals;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.freshet.common.plan.Phase;

/**
 * What the fleet did in one interval with the messages of one phase: a row of {@code intervals.csv}, whose columns the members are, and what the
 * live feed says of it. Null means not known.
 *
 * @param interval seconds since T0
 * @param phase of the messages; an interval after the warm-up has a second row if answers of the warm-up still came
 * @param startUtc when it began, on the coordinator's clock
 * @param targetHertz messages that the plan wanted in this second, over all producers, whether or not they are still there; 0 once sending is over; null if it
 *     is unpaced
 * @param received null without consumers of ours
 * @param missing sequence numbers that the consumers saw jumped over
 * @param rateHertz received, or sent where what was received is not known: an interval is one second
 * @param bytesPerSecond payload, of the same
 */
public record FleetInterval(
        int interval,
        Phase phase,
        @JsonProperty("start_utc") String startUtc,
        @JsonProperty("target_hz") Double targetHertz,
        long scheduled,
        long sent,
        long skipped,
        long cancelled,
        Long received,
        long answered,
        long measured,
        long late,
        Long missing,
        @JsonProperty("sent_bytes") long sentBytes,
        @JsonProperty("received_bytes") Long receivedBytes,
        @JsonProperty("rate_hz") long rateHertz,
        @JsonProperty("bytes_per_s") long bytesPerSecond,
        @JsonUnwrapped(prefix = "total_") Quantiles total,
        @JsonUnwrapped(prefix = "response_time_") Quantiles responseTime,
        @JsonUnwrapped(prefix = "lateness_") Quantiles lateness) {}

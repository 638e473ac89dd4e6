package dev.freshet.coordinator.intervals;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.freshet.common.plan.Phase;
import dev.freshet.common.plan.Role;

/**
 * One agent's part in an interval: a row of {@code agent-intervals.csv}, whose columns the members are. Null means not known, or not this role's.
 *
 * @param interval seconds since T0
 * @param targetHertz messages that the plan wanted from this producer in this second; null if it is unpaced
 * @param received of a producer's messages, as its consumer counted them; of a consumer, all that it received
 * @param missing sequence numbers jumped over, counted the same way
 * @param bytesPerSecond payload: a producer's sent, a consumer's received
 * @param interfaceSentBytesPerSecond what its interface carried by the system's counters, whoever sent it
 * @param cpuShare processor seconds a second, of the process
 * @param clockOffsetMicros the agent's clock minus the coordinator's, as it was known at that moment
 * @param clockErrorMicros the bound on that offset's error
 */
public record AgentInterval(
        int interval,
        Phase phase,
        String agent,
        Role role,
        @JsonProperty("target_hz") Double targetHertz,
        Long scheduled,
        Long sent,
        Long skipped,
        Long cancelled,
        Long received,
        Long answered,
        Long measured,
        Long late,
        Long missing,
        @JsonProperty("rate_hz") long rateHertz,
        @JsonProperty("bytes_per_s") long bytesPerSecond,
        @JsonProperty("total_p50_us") Long totalP50Micros,
        @JsonProperty("total_p99_us") Long totalP99Micros,
        @JsonProperty("response_time_p99_us") Long responseTimeP99Micros,
        @JsonProperty("lateness_p50_us") Long latenessP50Micros,
        @JsonProperty("lateness_p99_us") Long latenessP99Micros,
        @JsonProperty("lateness_max_us") Long latenessMaxMicros,
        @JsonProperty("interface_sent_bytes_per_s") Long interfaceSentBytesPerSecond,
        @JsonProperty("interface_received_bytes_per_s") Long interfaceReceivedBytesPerSecond,
        @JsonProperty("cpu_share") Double cpuShare,
        @JsonProperty("gc_ms") Long gcMillis,
        @JsonProperty("resident_bytes") Long residentBytes,
        @JsonProperty("clock_offset_us") Double clockOffsetMicros,
        @JsonProperty("clock_error_us") Double clockErrorMicros) {}

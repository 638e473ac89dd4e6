package dev.freshet.coordinator.books;

import dev.freshet.common.control.ToCoordinator.HostSample;

/**
 * What an agent's process did to its host over a run.
 *
 * @param samples how many intervals told of it
 * @param cpuSharesSum sum of the shares of all samples; see {@link #meanCpuShare}
 * @param maxCpuShare processor seconds a second, in the busiest interval
 * @param gcMillis time in garbage collection, in all
 * @param maxResidentBytes most memory resident, or null where the system does not tell
 */
public record HostUse(int samples, double cpuSharesSum, double maxCpuShare, long gcMillis, Long maxResidentBytes) {
    public static final HostUse NONE = new HostUse(0, 0, 0, 0, null);

    HostUse plus(HostSample sample) {
        if (sample == null) {
            return this;
        }
        return new HostUse(
                samples + 1,
                cpuSharesSum + sample.cpuShare(),
                Math.max(maxCpuShare, sample.cpuShare()),
                gcMillis + sample.gcMillis(),
                max(maxResidentBytes, sample.residentBytes()));
    }

    private static Long max(Long a, Long b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return Math.max(a, b);
    }

    /** Processor seconds a second, of the process; null if it was never told. */
    public Double meanCpuShare() {
        return samples == 0 ? null : Double.valueOf(cpuSharesSum / samples);
    }

    /** Share of the time spent in garbage collection; null if it was never told. */
    public Double gcShare() {
        return samples == 0 ? null : Double.valueOf(gcMillis / (1000.0 * samples));
    }
}

package dev.freshet.agent.monitor;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import java.io.IOException;
import oshi.SystemInfo;
import oshi.hardware.NetworkIF;

/** What OSHI counts of an interface on any system. It does not know of packets dropped on their way out: those are 0. */
final class OshiCounters implements InterfaceCounters {
    private final NetworkIF counters;

    /** @throws IOException if OSHI does not know the interface */
    OshiCounters(String name) throws IOException {
        counters = new SystemInfo()
                .getHardware().getNetworkIFs(true).stream()
                        .filter(candidate -> candidate.getName().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IOException("OSHI does not know it"));
    }

    @Override
    public NetworkSample read(long atMicros) throws IOException {
        if (!counters.updateAttributes()) {
            throw new IOException("OSHI cannot read it");
        }
        return new NetworkSample(
                atMicros,
                counters.getBytesSent(),
                counters.getBytesRecv(),
                counters.getPacketsSent(),
                counters.getPacketsRecv(),
                counters.getInErrors(),
                counters.getOutErrors(),
                counters.getInDrops(),
                0);
    }

    @Override
    public void close() {}
}

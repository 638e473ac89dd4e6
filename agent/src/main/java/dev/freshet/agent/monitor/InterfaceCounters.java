package dev.freshet.agent.monitor;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import oshi.hardware.NetworkIF;
import oshi.spi.SystemInfoProvider;

/**
 * The counters of one network interface, by OSHI. OSHI counts all of {@link NetworkSample} but packets dropped on their way out, for which it
 * has collisions; those drops are read from the Linux kernel, and are 0 on other systems.
 *
 * <p>OSHI's native-free reader is taken where there is one: loading it costs a quarter of a second of processor time, the JNA one twice that.
 */
final class InterfaceCounters {
    private final NetworkIF counters;
    private final Path droppedOut;

    /** @throws IllegalStateException if OSHI does not know the interface */
    InterfaceCounters(String name) {
        counters = find(name);
        droppedOut = Path.of("/sys/class/net", name, "statistics", "tx_dropped");
    }

    private static NetworkIF find(String name) {
        SystemInfoProvider nativeFree = new oshi.nativefree.SystemInfo(); // for Linux and NetBSD
        SystemInfoProvider provider = nativeFree.isAvailable() ? nativeFree : new oshi.SystemInfo();
        return provider.getHardware().getNetworkIFs(true).stream()
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the counters of interface " + name + " cannot be read"));
    }

    /**
     * Reads them now.
     *
     * @param atMicros the moment, for the sample
     */
    NetworkSample read(long atMicros) {
        if (!counters.updateAttributes()) {
            throw new IllegalStateException("the counters of interface " + counters.getName() + " cannot be read");
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
                droppedOut());
    }

    private long droppedOut() {
        try {
            return Long.parseLong(Files.readString(droppedOut).strip());
        } catch (IOException e) {
            return 0; // not Linux
        }
    }
}

package dev.freshet.agent.monitor;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The counters of one network interface: the Linux kernel's own, which leave no garbage, or where there are none OSHI's. */
interface InterfaceCounters extends AutoCloseable {
    /** @throws IOException if they cannot be read */
    static InterfaceCounters of(String name) throws IOException {
        Path kernels = Path.of("/sys/class/net", name, "statistics");
        return Files.isDirectory(kernels) ? new KernelCounters(kernels) : new OshiCounters(name);
    }

    /**
     * Reads them now.
     *
     * @param atMicros the moment, for the sample
     * @throws IOException if they cannot be read, as the interface is gone
     */
    NetworkSample read(long atMicros) throws IOException;

    @Override
    void close() throws IOException;
}

package dev.freshet.agent.monitor;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What the Linux kernel counts of an interface, a file for each counter (its Documentation/ABI/testing/sysfs-class-net-statistics). The files
 * stay open and are read over and over into the same buffer: opening them anew each second was three quarters of an agent's garbage.
 */
final class KernelCounters implements InterfaceCounters {
    private static final List<String> NAMES = List.of(
            "tx_bytes", "rx_bytes", "tx_packets", "rx_packets", "rx_errors", "tx_errors", "rx_dropped", "tx_dropped");
    private static final int MAX_DIGITS = 20;

    private final List<FileChannel> files = new ArrayList<>(NAMES.size());
    private final ByteBuffer digits = ByteBuffer.allocateDirect(MAX_DIGITS + 1);

    /** @param statistics the folder that the kernel keeps them in */
    KernelCounters(Path statistics) throws IOException {
        try {
            for (String name : NAMES) {
                files.add(FileChannel.open(statistics.resolve(name)));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public NetworkSample read(long atMicros) throws IOException {
        return new NetworkSample(
                atMicros, value(0), value(1), value(2), value(3), value(4), value(5), value(6), value(7));
    }

    private long value(int counter) throws IOException {
        digits.clear();
        files.get(counter).read(digits, 0);
        digits.flip();
        long value = 0;
        while (digits.hasRemaining()) {
            byte digit = digits.get();
            if (digit == '\n') {
                return value;
            }
            if (digit < '0' || digit > '9') {
                break;
            }
            value = value * 10 + digit - '0';
        }
        throw new IOException(NAMES.get(counter) + " of the interface is no number");
    }

    @Override
    public void close() throws IOException {
        for (FileChannel file : files) {
            file.close();
        }
    }
}

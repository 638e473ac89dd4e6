package dev.freshet.agent.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterfaceCountersTest {
    private static final List<String> FILES = List.of(
            "tx_bytes", "rx_bytes", "tx_packets", "rx_packets", "rx_errors", "tx_errors", "rx_dropped", "tx_dropped");

    @TempDir
    Path folder;

    private void count(long... values) throws IOException {
        for (int i = 0; i < values.length; i++) {
            Files.writeString(folder.resolve(FILES.get(i)), Long.toUnsignedString(values[i]) + "\n");
        }
    }

    @Test
    void each_of_the_kernels_counters_has_its_place_in_the_sample_and_is_read_anew() throws Exception {
        count(1, 20, 300, 4_000, 50_000, 600_000, 7_000_000, 80_000_000);
        try (InterfaceCounters counters = new KernelCounters(folder)) {
            assertThat(counters.read(9))
                    .isEqualTo(new NetworkSample(9, 1, 20, 300, 4_000, 50_000, 600_000, 7_000_000, 80_000_000));
            count(Long.MAX_VALUE, 21);
            assertThat(counters.read(10))
                    .isEqualTo(new NetworkSample(
                            10, Long.MAX_VALUE, 21, 300, 4_000, 50_000, 600_000, 7_000_000, 80_000_000));
        }
    }

    @Test
    void what_is_no_number_or_not_there_is_an_error_that_names_it() throws Exception {
        count(1, 2, 3, 4, 5, 6, 7);
        assertThatThrownBy(() -> new KernelCounters(folder)).hasMessageContaining("tx_dropped");
        count(1, 2, 3, 4, 5, 6, 7, 8);
        Files.writeString(folder.resolve("rx_bytes"), "");
        try (InterfaceCounters counters = new KernelCounters(folder)) {
            assertThatThrownBy(() -> counters.read(0)).hasMessageContaining("rx_bytes of the interface is no number");
        }
    }

    @Test
    void oshi_counts_the_same_as_the_kernel() throws Exception {
        Path loopback = Path.of("/sys/class/net/lo/statistics");
        assumeTrue(Files.isDirectory(loopback), "this is Linux");
        try (InterfaceCounters kernels = new KernelCounters(loopback);
                InterfaceCounters oshis = new OshiCounters("lo")) {
            NetworkSample before = kernels.read(0);
            NetworkSample between = oshis.read(0);
            NetworkSample after = kernels.read(0);
            for (ToLongFunction<NetworkSample> counter : List.<ToLongFunction<NetworkSample>>of(
                    NetworkSample::bytesSent,
                    NetworkSample::bytesRecv,
                    NetworkSample::packetsSent,
                    NetworkSample::packetsRecv,
                    NetworkSample::errIn,
                    NetworkSample::errOut,
                    NetworkSample::dropIn)) {
                assertThat(counter.applyAsLong(between))
                        .isBetween(counter.applyAsLong(before), counter.applyAsLong(after));
            }
        }
    }

    @Test
    void an_interface_that_nobody_knows_is_an_error() {
        assertThatThrownBy(() -> InterfaceCounters.of("no-such-interface")).isInstanceOf(IOException.class);
    }
}

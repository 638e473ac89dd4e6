package dev.freshet.agent.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ToCoordinator.Interface;
import dev.freshet.common.control.ToCoordinator.NetworkSample;
import dev.freshet.common.time.EpochClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterfaceMonitorTest {
    private static final int SENT_BYTES = 5_000_000;

    @TempDir
    Path folder;

    private final Interface loopback = NetworkInterfaces.resolve("--interface", null);

    private static void awaitSampleAfter(InterfaceMonitor monitor, NetworkSample before) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (monitor.latest() == before) {
            assertThat(monitor.problem()).isNull();
            assertThat(System.nanoTime()).as("a sample within 20 s").isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(10);
        }
    }

    private void sendOverLoopback() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName(loopback.address()))) {
            CompletableFuture<Long> read = CompletableFuture.supplyAsync(() -> {
                try (Socket accepted = server.accept()) {
                    return accepted.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            try (Socket socket = new Socket(loopback.address(), server.getLocalPort())) {
                socket.getOutputStream().write(new byte[SENT_BYTES]);
            }
            assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(SENT_BYTES);
        }
    }

    @Test
    void the_first_and_the_last_row_bracket_what_was_sent_over_the_interface() throws Exception {
        Path csv = folder.resolve("network.csv");
        InterfaceMonitor monitor = new InterfaceMonitor(loopback.name(), csv, EpochClock.anchored());
        monitor.start();
        awaitSampleAfter(monitor, null);
        NetworkSample first = monitor.first();
        sendOverLoopback();
        monitor.close();

        NetworkSample last = monitor.latest();
        assertThat(last.bytesSent() - first.bytesSent()).isGreaterThanOrEqualTo(SENT_BYTES);
        assertThat(last.bytesRecv() - first.bytesRecv()).isGreaterThanOrEqualTo(SENT_BYTES);
        assertThat(last.packetsSent()).isGreaterThan(first.packetsSent());
        List<String> rows = Files.readAllLines(csv);
        assertThat(rows.get(0))
                .isEqualTo("timestamp,bytes_sent,bytes_recv,packets_sent,packets_recv,errin,errout,dropin,dropout");
        assertThat(rows.get(1)).isEqualTo(NetworkCsv.row(first));
        assertThat(rows.get(rows.size() - 1)).isEqualTo(NetworkCsv.row(last));
        assertThat(rows).allSatisfy(row -> assertThat(row.split(",")).hasSize(9));
        assertThat(monitor.problem()).isNull();
    }

    @Test
    void a_row_comes_every_second() throws Exception {
        Path csv = folder.resolve("network.csv");
        InterfaceMonitor monitor = new InterfaceMonitor(loopback.name(), csv, EpochClock.anchored());
        monitor.start();
        awaitSampleAfter(monitor, null);
        awaitSampleAfter(monitor, monitor.first());
        awaitSampleAfter(monitor, monitor.latest());
        monitor.close();
        List<String> rows = Files.readAllLines(csv);
        assertThat(rows).hasSizeGreaterThanOrEqualTo(1 + 4);
        Instant first = Instant.parse(rows.get(1).split(",")[0]);
        Instant third = Instant.parse(rows.get(3).split(",")[0]);
        assertThat(third.toEpochMilli() - first.toEpochMilli()).isGreaterThan(1900);
    }

    @Test
    void an_interface_that_is_gone_is_a_problem_in_words_and_a_table_without_rows() throws IOException {
        Path csv = folder.resolve("network.csv");
        InterfaceMonitor monitor = new InterfaceMonitor("nosuch0", csv, EpochClock.anchored());
        monitor.start();
        monitor.close();
        assertThat(monitor.problem()).contains("nosuch0");
        assertThat(monitor.latest()).isNull();
        assertThat(csv).hasContent(NetworkCsv.HEADER);
    }

    @Test
    void times_are_written_to_the_microsecond() {
        NetworkSample sample = new NetworkSample(1_700_000_000_000_042L, 1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(NetworkCsv.row(sample)).isEqualTo("2023-11-14T22:13:20.000042Z,1,2,3,4,5,6,7,8");
    }
}

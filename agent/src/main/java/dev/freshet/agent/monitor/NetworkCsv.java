package dev.freshet.agent.monitor;

import dev.freshet.common.control.ToCoordinator.NetworkSample;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The interface file of the streaming contract: one row a sample, ISO time in UTC, counters as the system has them. */
public final class NetworkCsv {
    /** The columns of one agent's file; the fleet's file is led by {@code agent}. */
    public static final String HEADER =
            "timestamp,bytes_sent,bytes_recv,packets_sent,packets_recv,errin,errout,dropin,dropout";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private NetworkCsv() {}

    /** One row, without its line end. */
    public static String row(NetworkSample sample) {
        long micros = sample.atMicros();
        Instant at =
                Instant.ofEpochSecond(Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000L);
        return TIME.format(at) + "," + sample.bytesSent() + "," + sample.bytesRecv() + "," + sample.packetsSent() + ","
                + sample.packetsRecv() + "," + sample.errIn() + "," + sample.errOut() + "," + sample.dropIn() + ","
                + sample.dropOut();
    }
}

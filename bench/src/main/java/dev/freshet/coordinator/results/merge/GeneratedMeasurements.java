package dev.freshet.coordinator.results.merge;

import dev.freshet.common.measure.MeasurementCsv;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Measurement files as agents would have written them, drawn from a seed: each agent sends at a steady rate and is answered after a time that is
 * drawn anew for each message, so its rows are slightly out of order, and each has a clock of its own.
 *
 * @param agents how many files
 * @param rowsEach how many rows each has
 * @param periodMicros between two messages of one agent
 * @param jitterMicros by how much the answering times differ; as many rows are out of order as are sent in that time
 */
record GeneratedMeasurements(int agents, long rowsEach, int periodMicros, int jitterMicros, long seed) {
    private static final long T0_MICROS = 1_795_000_000_000_000L;
    private static final int BUFFER_BYTES = 1 << 20;
    private static final int SHUFFLED = 1 << 12;

    /** Agents that are each answered 100,000 times a second, by a consumer that answers out of order over 100 microseconds. */
    static GeneratedMeasurements plausible(int agents, long rows) {
        return new GeneratedMeasurements(agents, rows / agents, 10, 100, 42);
    }

    /** Writes {@code p1.csv}, {@code p2.csv}, … into a directory, and says how to merge them. */
    List<Source> writeTo(Path directory) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (int agent = 1; agent <= agents; agent++) {
            SplittableRandom random = new SplittableRandom(seed + agent);
            long clockOffsetMicros = random.nextLong(-1_000_000, 1_000_000);
            Path file = directory.resolve("p" + agent + ".csv");
            write(file, "p" + agent, clockOffsetMicros, random);
            sources.add(new Source("p" + agent, file, clockOffsetMicros));
        }
        return sources;
    }

    private void write(Path file, String agent, long clockOffsetMicros, SplittableRandom random) throws IOException {
        byte[] prefix = (agent + "-").getBytes(StandardCharsets.US_ASCII);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES).put(MeasurementCsv.headerLine());
        long[] places = new long[SHUFFLED];
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            for (long from = 0; from < rowsEach; from += SHUFFLED) {
                int count = answered(from, places, random);
                for (int i = 0; i < count; i++) {
                    append(
                            buffer,
                            from + places[i] % SHUFFLED,
                            places[i] / SHUFFLED,
                            prefix,
                            clockOffsetMicros,
                            random);
                    if (buffer.remaining() < MeasurementCsv.MAX_ROW_BYTES) {
                        writeAll(channel, buffer);
                    }
                }
            }
            writeAll(channel, buffer);
        }
    }

    /** The next messages in the order of their answers: the time of the answer, after {@code from} was sent, and the place. */
    private int answered(long from, long[] places, SplittableRandom random) {
        int count = (int) Math.min(SHUFFLED, rowsEach - from);
        for (int i = 0; i < count; i++) {
            places[i] = ((long) i * periodMicros + random.nextInt(jitterMicros)) * SHUFFLED + i;
        }
        java.util.Arrays.sort(places, 0, count);
        return count;
    }

    private void append(
            ByteBuffer to,
            long seq,
            long answeredMicros,
            byte[] prefix,
            long clockOffsetMicros,
            SplittableRandom random) {
        long intended = T0_MICROS + clockOffsetMicros + seq * periodMicros;
        long t1 = intended + random.nextInt(3);
        long t2 = t1 + 400 - clockOffsetMicros;
        long t3 = t2 + 20 + random.nextInt(40);
        long t4 = T0_MICROS + clockOffsetMicros + seq / SHUFFLED * SHUFFLED * periodMicros + answeredMicros + 600;
        MeasurementCsv.append(to, seq, prefix, t1, t2, t3, t4, 1024, intended);
    }

    private static void writeAll(FileChannel channel, ByteBuffer buffer) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
        buffer.clear();
    }
}

package dev.freshet.agent.producer;

import dev.freshet.agent.run.Recording;
import dev.freshet.common.measure.MeasurementCsv;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * The measurement file while it is written: one row an answer. When the disk fills, the recording ends and the run goes on.
 *
 * <p>Opened by one thread and then owned by the answering thread, which only makes the rows; the disk is left to {@link WriteBehind}.
 */
final class MeasurementFile implements AutoCloseable {
    private static final long NOTED_WAIT_NANOS = 1_000_000;

    private final String name;
    private final WriteBehind file; // null if there is none
    private long rows;

    private MeasurementFile(String name, WriteBehind file) {
        this.name = name;
        this.file = file;
    }

    /** Of a run whose answers get no rows. */
    static MeasurementFile none() {
        return new MeasurementFile(null, null);
    }

    /** Opens a file anew; what it held is gone. */
    static MeasurementFile create(Path path) throws IOException {
        return writing(
                path,
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING));
    }

    static MeasurementFile writing(Path path, FileChannel channel) {
        WriteBehind file = new WriteBehind(path, channel);
        file.room(MeasurementCsv.headerLine().length).put(MeasurementCsv.headerLine());
        return new MeasurementFile(path.getFileName().toString(), file);
    }

    /** What has been written, complete when this is closed; empty if there is no file. */
    List<Recording> recordings() {
        return file == null ? List.of() : List.of(file.recording());
    }

    /** One row; the parameters are those of {@link MeasurementCsv#append}. */
    void append(long seq, byte[] idPrefix, long t1, long t2, long t3, long t4, int sizeBytes, long intendedMicros) {
        ByteBuffer to = file.room(MeasurementCsv.MAX_ROW_BYTES);
        if (to != null) {
            MeasurementCsv.append(to, seq, idPrefix, t1, t2, t3, t4, sizeBytes, intendedMicros);
            rows++;
        }
    }

    /** What went wrong, in words for a person; once this is closed. */
    List<String> troubles() {
        List<String> troubles = new ArrayList<>();
        if (file != null && file.trouble() != null) {
            troubles.add(
                    "the recording in " + name + " ended early, after at most " + rows + " rows: " + file.trouble());
        }
        if (file != null && file.longestWaitNanos() > NOTED_WAIT_NANOS) {
            troubles.add("answers waited up to " + file.longestWaitNanos() / 1_000_000 + " ms for the disk that " + name
                    + " is written to, before their t4 was taken");
        }
        return troubles;
    }

    @Override
    public void close() {
        if (file != null) {
            file.close();
        }
    }
}

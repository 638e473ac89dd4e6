package dev.freshet.agent.producer;

import dev.freshet.agent.run.Recording;
import dev.freshet.common.measure.MeasurementCsv;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The measurement file while it is written: buffered, one row an answer. When the disk fills, the recording ends and the run goes on.
 *
 * <p>Opened by one thread and then owned by the answering thread.
 */
final class MeasurementFile implements AutoCloseable {
    private static final int BUFFER_BYTES = 1 << 18;

    private final Path path;
    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    private final CRC32C checksum = new CRC32C();
    private long rows;
    private long writtenBytes;
    private String trouble;

    private MeasurementFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
        buffer.put(MeasurementCsv.headerLine());
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
        return new MeasurementFile(path, channel);
    }

    /** What has been written; complete when this is closed. The checksum was made on the way: the file may have many GB. */
    Recording recording() {
        return new Recording(path, writtenBytes, checksum.getValue());
    }

    /** One row; the parameters are those of {@link MeasurementCsv#append}. */
    void append(long seq, byte[] idPrefix, long t1, long t2, long t3, long t4, int sizeBytes, long intendedMicros) {
        if (trouble != null) {
            return;
        }
        if (buffer.remaining() < MeasurementCsv.MAX_ROW_BYTES) {
            flush();
        }
        MeasurementCsv.append(buffer, seq, idPrefix, t1, t2, t3, t4, sizeBytes, intendedMicros);
        rows++;
    }

    private void flush() {
        buffer.flip();
        try {
            while (trouble == null && buffer.hasRemaining()) {
                int from = buffer.position();
                int written = channel.write(buffer);
                checksum.update(buffer.duplicate().position(from).limit(from + written));
                writtenBytes += written;
            }
        } catch (IOException e) {
            trouble = "the recording in " + path.getFileName() + " ended early, after at most " + rows + " rows: "
                    + e.getMessage();
        }
        buffer.clear();
    }

    /** What went wrong, in words for a person, or null. */
    String trouble() {
        return trouble;
    }

    @Override
    public void close() {
        if (!channel.isOpen()) {
            return;
        }
        flush();
        try {
            channel.close();
        } catch (IOException e) {
            trouble = trouble != null ? trouble : path.getFileName() + " could not be closed: " + e.getMessage();
        }
    }
}

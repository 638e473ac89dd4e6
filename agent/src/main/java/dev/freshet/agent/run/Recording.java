package dev.freshet.agent.run;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * A file that was recorded in a run and is complete.
 *
 * @param crc32c of the whole
 */
public record Recording(Path path, long sizeBytes, long crc32c) {
    private static final int BUFFER_BYTES = 64 << 10;

    /** Describes a file that is there already; reads all of it, so for small ones. */
    public static Recording of(Path path) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        CRC32C checksum = new CRC32C();
        long sizeBytes = 0;
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer)) {
                sizeBytes += read;
                checksum.update(buffer.flip());
                buffer.clear();
            }
        }
        return new Recording(path, sizeBytes, checksum.getValue());
    }

    /** The name of the file, without its directory. */
    public String name() {
        return path.getFileName().toString();
    }
}

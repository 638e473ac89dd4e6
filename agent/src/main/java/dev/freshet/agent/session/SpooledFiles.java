package dev.freshet.agent.session;

import dev.freshet.common.control.ToCoordinator.SpooledFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/** The files of one run, kept in a directory of their own until the coordinator has them. */
final class SpooledFiles {
    private static final int BUFFER_BYTES = 1 << 20;

    private final Path directory;

    /** @throws UncheckedIOException if the directory cannot be made */
    SpooledFiles(String agent) {
        try {
            directory = Files.createTempDirectory("freshet-" + agent + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory for recordings: " + e.getMessage(), e);
        }
    }

    Path directory() {
        return directory;
    }

    /** Names, sizes and checksums of {@code files}; reads all of them, so not for a thread that must answer. */
    static List<SpooledFile> describe(List<Path> files) throws IOException {
        List<SpooledFile> described = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        for (Path file : files) {
            CRC32C checksum = new CRC32C();
            long sizeBytes = 0;
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                for (int read = channel.read(buffer); read >= 0; read = channel.read(buffer)) {
                    sizeBytes += read;
                    checksum.update(buffer.flip());
                    buffer.clear();
                }
            }
            described.add(new SpooledFile(file.getFileName().toString(), sizeBytes, checksum.getValue()));
        }
        return described;
    }

    /** Up to {@code maxBytes} of a file from an offset; empty at its end. */
    static byte[] read(Path file, long offset, int maxBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, Math.min(maxBytes, channel.size() - offset)));
            while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
                // read on until full
            }
            return buffer.array();
        }
    }

    void delete() {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

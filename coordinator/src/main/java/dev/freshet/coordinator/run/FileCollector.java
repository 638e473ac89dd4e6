package dev.freshet.coordinator.run;

import dev.freshet.common.control.ToAgent.Collect;
import dev.freshet.common.control.ToCoordinator.Chunk;
import dev.freshet.common.control.ToCoordinator.SpooledFile;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.zip.CRC32C;

/**
 * Fetches one agent's files, one after the other, in windows of credit, and checks each against its checksum. Owned by the thread that writes
 * results; every call may touch the disk.
 */
final class FileCollector {
    /**
     * What an agent may send before it is asked again: bounds what is in flight for a slow disk, and what the agent keeps in memory for it. A window
     * takes a round trip, so that a file comes at 2 MiB per round trip at most.
     */
    static final long CREDIT_BYTES = 2 << 20;

    /** Nothing for so long, and the agent is not waited for any more. */
    static final long STALLED_NANOS = 15_000_000_000L;

    private final String run;
    private final String agent;
    private final ResultDirectory directory;
    private final Deque<SpooledFile> files;
    private final Consumer<Collect> request;
    private final Consumer<String> done;
    private final LongSupplier nanoTime;
    private FileChannel channel;
    private Path target;
    private boolean damagedBefore;
    private boolean askedAgain;
    private CRC32C checksum;
    private long offset;
    private long windowEnd;
    private long lastPartNanos;
    private boolean over;

    /**
     * @param request how a Collect leaves
     * @param done told once: null when all files are here, else what is missing and why
     * @param nanoTime a monotonic clock
     */
    FileCollector(
            String run,
            String agent,
            ResultDirectory directory,
            List<SpooledFile> files,
            Consumer<Collect> request,
            Consumer<String> done,
            LongSupplier nanoTime) {
        this.run = run;
        this.agent = agent;
        this.directory = directory;
        this.nanoTime = nanoTime;
        this.files = new ArrayDeque<>(files);
        this.request = request;
        this.done = done;
    }

    void start() {
        lastPartNanos = nanoTime.getAsLong();
        try {
            nextFile();
        } catch (IOException | IllegalArgumentException e) {
            end("cannot be written: " + e.getMessage());
        }
    }

    private void nextFile() throws IOException {
        SpooledFile file = files.peek();
        if (file == null) {
            end(null);
            return;
        }
        target = directory.agentFile(agent, file.name());
        channel = FileChannel.open(
                part(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        checksum = new CRC32C();
        offset = 0;
        windowEnd = 0;
        if (file.sizeBytes() == 0) {
            fileComplete(file);
        } else {
            ask(file);
        }
    }

    private void ask(SpooledFile file) {
        windowEnd = Math.min(file.sizeBytes(), offset + CREDIT_BYTES);
        request.accept(new Collect(run, file.name(), offset, windowEnd - offset));
    }

    /** Takes the next part; one that is not the next is left over from an earlier window, and ignored. */
    void chunk(Chunk chunk, byte[] bytes) {
        SpooledFile file = files.peek();
        if (over || file == null || !file.name().equals(chunk.file()) || chunk.offset() != offset) {
            return;
        }
        try {
            if (bytes.length == 0 || offset + bytes.length > windowEnd) {
                end(file.name() + " is not as long as announced");
                return;
            }
            checksum.update(bytes);
            for (ByteBuffer rest = ByteBuffer.wrap(bytes); rest.hasRemaining(); ) {
                channel.write(rest, offset + rest.position());
            }
            offset += bytes.length;
            lastPartNanos = nanoTime.getAsLong();
            askedAgain = false;
            if (offset == file.sizeBytes()) {
                fileComplete(file);
            } else if (offset == windowEnd) {
                ask(file);
            }
        } catch (IOException | IllegalArgumentException e) {
            end(file.name() + " cannot be written: " + e.getMessage());
        }
    }

    private void fileComplete(SpooledFile file) throws IOException {
        channel.close();
        if (checksum.getValue() == file.crc32c()) {
            Files.move(part(), target, StandardCopyOption.REPLACE_EXISTING);
            files.remove();
            damagedBefore = false;
            nextFile();
        } else if (damagedBefore) {
            end(file.name() + " arrived damaged twice: its checksum differs");
        } else {
            damagedBefore = true;
            nextFile(); // once more, from the beginning
        }
    }

    /** Until it is whole and its checksum right it has another name, and is merged by nobody. */
    private Path part() {
        return target.resolveSibling(target.getFileName() + ".part");
    }

    /** Gives up on what is still missing; for an agent that is lost or silent. */
    void abandon(String reason) {
        end(files.isEmpty() ? reason : files.peek().name() + ": " + reason);
    }

    private void end(String problem) {
        if (over) {
            return;
        }
        over = true;
        if (channel != null && channel.isOpen()) {
            try {
                channel.close();
            } catch (IOException e) {
                done.accept("cannot be closed: " + e.getMessage());
                return;
            }
        }
        done.accept(problem);
    }

    /** If nothing has come for a while: asks once more from where it has got to, and gives up after {@link #STALLED_NANOS}. */
    void watch() {
        long silentNanos = nanoTime.getAsLong() - lastPartNanos;
        if (over) {
            return;
        }
        if (silentNanos > STALLED_NANOS) {
            abandon("nothing came for " + STALLED_NANOS / 1_000_000_000 + " s");
        } else if (silentNanos > STALLED_NANOS / 3 && !askedAgain && !files.isEmpty()) {
            askedAgain = true;
            ask(files.peek());
        }
    }
}

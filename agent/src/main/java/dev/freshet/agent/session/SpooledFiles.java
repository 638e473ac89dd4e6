package dev.freshet.agent.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files of one run, kept in a directory of their own until the coordinator has them. */
final class SpooledFiles {
    private static final Logger LOG = LoggerFactory.getLogger(SpooledFiles.class);

    private final Path directory;

    /** @throws UncheckedIOException if the directory cannot be made */
    SpooledFiles(Path parent, String agent) {
        try {
            directory = Files.createTempDirectory(Files.createDirectories(parent), "freshet-" + agent + "-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make a directory for recordings: " + e.getMessage(), e);
        }
    }

    Path directory() {
        return directory;
    }

    /** Deletes all; what cannot be deleted is logged and left. */
    void delete() {
        try (Stream<Path> all = Files.walk(directory)) {
            all.sorted(Comparator.reverseOrder()).forEach(SpooledFiles::delete);
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("cannot delete {}: {}", directory, e.toString());
        }
    }

    private static void delete(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            LOG.warn("cannot delete {}: {}", path, e.toString());
        }
    }
}

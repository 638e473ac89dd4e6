package dev.freshet.deploy.doctor.host;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files in which a Linux kernel tells of its host, {@code proc/...} and {@code sys/...}, below a root that tests put elsewhere. What cannot
 * be read is empty: it is not there on other systems, in containers, for other users' processes, or for a device that has no such value.
 */
public final class HostFiles {
    private static final int PIECE_BYTES = 64 << 10;

    private final Path root;

    /** @param root {@code /} on a real host */
    public HostFiles(Path root) {
        this.root = root;
    }

    /** The whole text of a file, without white space around it. */
    public Optional<String> text(String path) {
        try (InputStream file = Files.newInputStream(root.resolve(path))) {
            // In large pieces: a figure of /proc/sys is told by the first read alone, and Files.readAllBytes, which is
            // told a size of 0, begins with one byte.
            byte[] piece = new byte[PIECE_BYTES];
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int n = file.read(piece); n >= 0; n = file.read(piece)) {
                text.write(piece, 0, n);
            }
            return Optional.of(text.toString(StandardCharsets.UTF_8).strip());
        } catch (IOException | SecurityException e) {
            return Optional.empty();
        }
    }

    /** The whole number that a file holds; empty also if it holds something else. */
    public Optional<Long> number(String path) {
        return text(path).filter(text -> text.matches("-?[0-9]{1,18}")).map(Long::valueOf);
    }

    /** The lines of a file; none if it cannot be read. */
    public List<String> lines(String path) {
        return text(path).map(text -> text.lines().toList()).orElse(List.of());
    }

    /** The names in a folder, sorted; none if it cannot be read. */
    public List<String> names(String folder) {
        try (Stream<Path> entries = Files.list(root.resolve(folder))) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        } catch (IOException | UncheckedIOException | SecurityException e) {
            return List.of();
        }
    }

    /** Where a symbolic link points. */
    public Optional<String> link(String path) {
        try {
            return Optional.of(Files.readSymbolicLink(root.resolve(path)).toString());
        } catch (IOException | UnsupportedOperationException | SecurityException e) {
            return Optional.empty();
        }
    }

    /** Why a file told nothing, in words for a person. */
    public String whyNot(String path) {
        Path file = root.resolve(path);
        if (!Files.exists(file)) {
            return "there is no /" + path + " here";
        }
        return "/" + path + (Files.isReadable(file) ? " does not tell it" : " may not be read");
    }
}

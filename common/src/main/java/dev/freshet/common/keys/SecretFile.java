package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;

/**
 * Files that only their owner may read. They are made with that mode, not given it afterwards: there is no moment at which another could open
 * them.
 */
final class SecretFile {
    private static final boolean HAS_MODES =
            FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    private static final long MAX_BYTES = 1 << 20;

    private SecretFile() {}

    /**
     * Makes a file that is not there yet.
     *
     * @throws InputException if it is there already, or cannot be written
     */
    static void create(Path file, String text) {
        try (SeekableByteChannel channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode("rw-------"))) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (FileAlreadyExistsException e) {
            throw new InputException(file + ": is there already, and a key is never overwritten", e);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Puts a file in the place of another one, if there is one, in one step: whoever reads sees the old one or the new one. */
    static void replace(Path file, String text) {
        Path next = file.resolveSibling(file.getFileName() + ".next");
        try {
            Files.deleteIfExists(next); // of one who was interrupted
            create(next, text);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Makes a directory, and those above it, for its owner only; one that is there is left as it is. */
    static void directory(Path directory) {
        try {
            Files.createDirectories(directory, mode("rwx------"));
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    /** @throws InputException if it is not there, cannot be read, or can be read by others */
    static List<String> read(Path file) {
        return lines(file, HAS_MODES);
    }

    /** As {@link #read}, of a file that others may read as well. */
    static List<String> readPublic(Path file) {
        return lines(file, false);
    }

    private static List<String> lines(Path file, boolean secret) {
        try {
            if (secret) {
                requirePrivate(file);
            }
            if (Files.size(file) > MAX_BYTES) {
                throw new InputException(file + ": is too large for a file of keys");
            }
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new InputException(file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new InputException(file + ": is not text", e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** A file that another one owns, as an orchestrator mounts it, reaches us through our group; nobody else may have that way. */
    private static void requirePrivate(Path file) throws IOException {
        boolean ours = Files.getOwner(file).getName().equals(System.getProperty("user.name"));
        for (PosixFilePermission permission : Files.getPosixFilePermissions(file)) {
            boolean owners = permission.name().startsWith("OWNER");
            if (!owners && (ours || permission != PosixFilePermission.GROUP_READ)) {
                throw new InputException(
                        file + ": others than its owner may use this secret; mend it with: chmod 600 " + file);
            }
        }
    }

    private static FileAttribute<?>[] mode(String permissions) {
        return HAS_MODES
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static InputException unwritable(Path file, IOException e) {
        return new InputException(file + ": cannot be written (" + e.getMessage() + ")", e);
    }
}

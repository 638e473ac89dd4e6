package dev.freshet.deploy.launch;

import dev.freshet.common.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The distribution that this process runs from, as it is copied to hosts: what runs there is what runs here. Its checksum is of
 * names, modes and contents.
 */
public final class Distribution implements AutoCloseable {
    private static final List<String> PARTS = List.of("bin", "lib", "runtime");
    private static final int CHECKSUM_DIGITS = 24;
    private static final long PACK_SECONDS = 60;

    private final Path home;
    private final List<Path> files;
    private Path archive;

    /** The distribution of this process, to be copied. */
    public static Distribution ofProcess() {
        return new Distribution(Path.of(homeOfProcess()));
    }

    /**
     * Where the distribution is that this process runs from.
     *
     * @throws InputException if it runs from none
     */
    public static String homeOfProcess() {
        String home = System.getProperty("freshet.home");
        if (home == null) {
            throw new InputException(
                    "what is to run on other hosts is not known here: run the freshet command of a distribution");
        }
        return home;
    }

    Distribution(Path home) {
        this.home = home;
        this.files = files(home);
    }

    private static List<Path> files(Path home) {
        List<Path> found = new ArrayList<>();
        for (String part : PARTS) {
            try (Stream<Path> below =
                    Files.exists(home.resolve(part)) ? Files.walk(home.resolve(part)) : Stream.empty()) {
                below.filter(Files::isRegularFile)
                        .filter(file -> !file.toString().endsWith(".jsa")) // made anew for each machine's Java
                        .map(home::relativize)
                        .sorted()
                        .forEach(found::add);
            } catch (IOException e) {
                throw new InputException("the distribution in '" + home + "' cannot be read: " + e.getMessage(), e);
            }
        }
        return found;
    }

    /** Names its contents: the same for the same files, wherever and whenever they were unpacked. */
    public String checksum() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (OutputStream into = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
                for (Path file : files) {
                    String head = file + (Files.isExecutable(home.resolve(file)) ? "*" : "") + "\0"
                            + Files.size(home.resolve(file)) + "\0";
                    into.write(head.getBytes(StandardCharsets.UTF_8));
                    try (InputStream content = Files.newInputStream(home.resolve(file))) {
                        content.transferTo(into);
                    }
                }
            }
            return HexFormat.of().formatHex(digest.digest()).substring(0, CHECKSUM_DIGITS);
        } catch (IOException e) {
            throw new InputException("the distribution in '" + home + "' cannot be read: " + e.getMessage(), e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java has it
        }
    }

    /** One archive of all, made when it is first needed; from any thread. */
    public synchronized Path archive() throws IOException, InterruptedException {
        if (archive == null) {
            Path list = Files.createTempFile("freshet-", ".files");
            Path packed = Files.createTempFile("freshet-", ".tar.gz");
            try {
                Files.write(list, files.stream().map(Path::toString).toList());
                pack(list, packed);
                archive = packed;
            } finally {
                Files.delete(list);
                if (archive == null) {
                    Files.delete(packed);
                }
            }
        }
        return archive;
    }

    private void pack(Path list, Path into) throws IOException, InterruptedException {
        Process tar = new ProcessBuilder("tar", "-C", home.toString(), "-czhf", into.toString(), "-T", list.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!tar.waitFor(PACK_SECONDS, TimeUnit.SECONDS) || tar.exitValue() != 0) {
                throw new IOException("tar could not pack '" + home + "'");
            }
        } finally {
            tar.destroyForcibly();
        }
    }

    /** Deletes the archive, if one was made. */
    @Override
    public synchronized void close() {
        if (archive != null) {
            archive.toFile().delete();
        }
    }
}

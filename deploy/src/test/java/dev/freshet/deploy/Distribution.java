package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/** An archive as the build left it. */
record Distribution(Path archive) {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    /** The one for hosts that have Java. */
    static Distribution plain() {
        Path archive = TARGET.resolve(top() + ".tar.gz");
        assertThat(archive).exists();
        return new Distribution(archive);
    }

    /** The one with a runtime, if this build made it. */
    static Optional<Distribution> withRuntime() throws IOException {
        try (var archives = Files.newDirectoryStream(TARGET, top() + "-*.tar.gz")) {
            for (Path archive : archives) {
                return Optional.of(new Distribution(archive));
            }
            return Optional.empty();
        }
    }

    /** Those that this build made. */
    static List<Distribution> all() throws IOException {
        List<Distribution> all = new ArrayList<>(List.of(plain()));
        withRuntime().ifPresent(all::add);
        return all;
    }

    /** The one folder that an archive holds. */
    static String top() {
        return "freshet-" + System.getProperty("freshet.version");
    }

    List<TarArchiveEntry> entries() throws IOException {
        try (InputStream file = new BufferedInputStream(Files.newInputStream(archive));
                TarArchiveInputStream tar = new TarArchiveInputStream(new GzipCompressorInputStream(file))) {
            List<TarArchiveEntry> entries = new ArrayList<>();
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                entries.add(entry);
            }
            return entries;
        }
    }

    /** The names of what is directly in {@code folder} (a path below the top, ended by a slash), without those of folders below it. */
    List<String> files(String folder) throws IOException {
        String prefix = top() + "/" + folder;
        return entries().stream()
                .filter(entry -> !entry.isDirectory() && entry.getName().startsWith(prefix))
                .map(entry -> entry.getName().substring(prefix.length()))
                .filter(name -> !name.contains("/"))
                .toList();
    }

    /** Unpacks it as its users do, and returns the top folder. */
    Path unpack(Path into) throws IOException, InterruptedException {
        Files.createDirectories(into);
        Program tar = Program.run("tar", "-xzf", archive.toString(), "-C", into.toString());
        assertThat(tar.exitCode()).as(tar.output()).isZero();
        return into.resolve(top());
    }
}

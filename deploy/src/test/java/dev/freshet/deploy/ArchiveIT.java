package dev.freshet.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the archives hold, and that nothing in them tells when, where or by whom they were built. */
class ArchiveIT {
    private static final int EXECUTABLE = 0755;
    private static final int READABLE = 0644;

    @TempDir
    private Path directory;

    @Test
    void the_checksum_beside_an_archive_is_what_sha256sum_writes() throws Exception {
        for (Distribution distribution : Distribution.all()) {
            Path archive = distribution.archive();
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(archive));
            assertThat(archive.resolveSibling(archive.getFileName() + ".sha256"))
                    .hasContent(HexFormat.of().formatHex(digest) + "  " + archive.getFileName() + "\n");
        }
    }

    @Test
    void an_archive_holds_one_folder_with_what_is_documented() throws IOException {
        Distribution plain = Distribution.plain();
        assertThat(below(plain)).containsExactlyInAnyOrder(documented());
        assertThat(plain.files("bin/")).containsExactly("freshet");
        assertThat(plain.files("deploy/")).containsExactly("Containerfile");
        assertThat(plain.files("deploy/systemd/")).contains("freshet-coordinator.service", "freshet-agent@.service");
        assertThat(plain.files("docs/")).contains("architecture.md", "protocol.md", "results.md");
        Distribution.withRuntime().ifPresent(distribution -> {
            try {
                assertThat(below(distribution))
                        .contains(documented())
                        .contains("runtime")
                        .hasSize(8);
                assertThat(distribution.files("runtime/bin/")).contains("java");
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static String[] documented() {
        return new String[] {"bin", "lib", "deploy", "docs", "README.md", "LICENSE", "CHANGELOG.md"};
    }

    /** What is directly in the one folder. */
    private static Set<String> below(Distribution distribution) throws IOException {
        return distribution.entries().stream()
                .map(entry -> Path.of(entry.getName()))
                .filter(path -> path.getNameCount() > 1)
                .map(path -> path.getName(1).toString())
                .collect(Collectors.toSet());
    }

    @Test
    void the_jars_in_lib_are_those_that_the_main_jar_names() throws Exception {
        Path lib = Distribution.plain().unpack(directory).resolve("lib");
        try (JarFile jar = new JarFile(lib.resolve("freshet.jar").toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            List<String> named = new ArrayList<>(
                    List.of(manifest.getValue(Attributes.Name.CLASS_PATH).split(" ")));
            named.add("freshet.jar");
            assertThat(Distribution.plain().files("lib/")).containsExactlyInAnyOrderElementsOf(named);
        }
    }

    @Test
    void no_entry_leads_out_of_the_folder() throws IOException {
        for (Distribution distribution : Distribution.all()) {
            for (TarArchiveEntry entry : distribution.entries()) {
                assertThat(entry.getName()).startsWith(Distribution.top() + "/").doesNotContain("..", "//", "\\");
                if (entry.isSymbolicLink()) {
                    Path leadsTo = Path.of(entry.getName())
                            .resolveSibling(entry.getLinkName())
                            .normalize();
                    assertThat(leadsTo.toString()).startsWith(Distribution.top() + "/");
                } else {
                    assertThat(entry.isFile() || entry.isDirectory())
                            .as(entry.getName())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void owner_time_mode_and_order_do_not_depend_on_who_builds() throws IOException {
        Instant timestamp = Instant.parse(System.getProperty("freshet.timestamp"));
        for (Distribution distribution : Distribution.all()) {
            Map<String, List<String>> filesOf = new HashMap<>();
            for (TarArchiveEntry entry : distribution.entries()) {
                String name = entry.getName();
                assertThat(entry.getLongUserId() + entry.getLongGroupId())
                        .as(name)
                        .isZero();
                assertThat(entry.getUserName() + " " + entry.getGroupName()).isEqualTo("root root");
                assertThat(entry.getLastModifiedTime().toInstant()).as(name).isEqualTo(timestamp);
                assertThat(entry.getMode() & 0777).as(name).isEqualTo(mode(entry));
                if (!entry.isDirectory() && mode(entry) == READABLE) {
                    filesOf.computeIfAbsent(name.substring(0, name.lastIndexOf('/')), folder -> new ArrayList<>())
                            .add(name);
                }
            }
            filesOf.forEach((folder, names) -> assertThat(names).as(folder).isSorted());
        }
    }

    private static int mode(TarArchiveEntry entry) {
        String name = entry.getName();
        boolean program = name.matches("[^/]+/(runtime/)?bin/.*|.*\\.sh|.*/runtime/lib/(jexec|jspawnhelper)");
        return entry.isDirectory() || program ? EXECUTABLE : READABLE;
    }

    @Test
    void with_a_runtime_it_is_under_a_hundred_megabytes() throws IOException {
        for (Distribution distribution : Distribution.all()) {
            assertThat(Files.size(distribution.archive())).isLessThan(100_000_000);
        }
    }

    @Test
    void the_container_image_is_made_of_what_the_archive_holds() throws Exception {
        Path top = Distribution.withRuntime().orElseGet(Distribution::plain).unpack(directory);
        List<String> lines = Files.readAllLines(top.resolve("deploy/Containerfile"));
        List<String> copied = lines.stream()
                .filter(line -> line.startsWith("COPY "))
                .flatMap(line -> {
                    List<String> words = List.of(line.split(" "));
                    return words.subList(1, words.size() - 1).stream();
                })
                .toList();
        assertThat(copied).contains("bin", "lib", "runtime");
        for (String source : copied) {
            if (!source.equals("runtime") || Distribution.withRuntime().isPresent()) {
                assertThat(top.resolve(source)).exists();
            }
        }
        assertThat(lines).contains("ENTRYPOINT [\"/opt/freshet/bin/freshet\"]");
        assertThat(lines.stream().filter(line -> line.startsWith("USER "))).containsExactly("USER 10001:10001");
    }
}

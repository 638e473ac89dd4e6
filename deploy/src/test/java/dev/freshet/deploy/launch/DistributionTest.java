package dev.freshet.deploy.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DistributionTest {
    @TempDir
    private Path directory;

    private Path home(String name) throws IOException {
        Path home = directory.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.createDirectories(home.resolve("lib"));
        Path command = Files.writeString(home.resolve("bin/freshet"), "#!/bin/sh\n");
        assertThat(command.toFile().setExecutable(true)).isTrue();
        Files.writeString(home.resolve("lib/freshet.jar"), "classes");
        return home;
    }

    @Test
    void the_checksum_is_of_names_modes_and_contents_and_of_nothing_else() throws IOException {
        Path home = home("a");
        String checksum = new Distribution(home).checksum();

        Path same = home("b");
        Files.writeString(same.resolve("lib/classes-1.jsa"), "made on that machine");
        Files.writeString(same.resolve("README.md"), "not needed to run");
        Files.setLastModifiedTime(same.resolve("lib/freshet.jar"), FileTime.fromMillis(1));
        assertThat(new Distribution(same).checksum()).isEqualTo(checksum);

        Path content = home("c");
        Files.writeString(content.resolve("lib/freshet.jar"), "Classes");
        Path name = home("d");
        Files.move(name.resolve("lib/freshet.jar"), name.resolve("lib/freshet2.jar"));
        Path mode = home("e");
        assertThat(mode.resolve("bin/freshet").toFile().setExecutable(false)).isTrue();
        for (Path other : new Path[] {content, name, mode}) {
            assertThat(new Distribution(other).checksum()).as(other.toString()).isNotEqualTo(checksum);
        }
    }

    @Test
    void the_archive_unpacks_to_what_was_packed_and_is_deleted_in_the_end() throws Exception {
        Distribution distribution = new Distribution(home("a"));
        Path archive = distribution.archive();
        assertThat(distribution.archive()).isEqualTo(archive);
        Path unpacked = Files.createDirectory(directory.resolve("unpacked"));
        assertThat(new ProcessBuilder("tar", "-xzf", archive.toString(), "-C", unpacked.toString())
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        assertThat(new Distribution(unpacked).checksum()).isEqualTo(distribution.checksum());
        distribution.close();
        assertThat(archive).doesNotExist();
    }
}

package dev.freshet.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostNameTest {
    @TempDir
    private Path folder;

    @Test
    void the_kernels_name_is_taken_without_its_line_end() throws Exception {
        Path kernel = Files.writeString(folder.resolve("hostname"), "daq1\n");
        assertThat(HostName.read(kernel)).isEqualTo("daq1");
    }

    @Test
    void where_the_kernel_tells_none_there_is_a_name_all_the_same() throws Exception {
        Path empty = Files.writeString(folder.resolve("hostname"), "\n");
        assertThat(HostName.read(folder.resolve("nosuch"))).isNotBlank().isEqualTo(HostName.read(empty));
    }
}

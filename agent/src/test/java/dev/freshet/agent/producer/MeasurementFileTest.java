package dev.freshet.agent.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshet.agent.run.Recording;
import dev.freshet.common.measure.MeasurementCsv;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class MeasurementFileTest {
    private static final int ROWS = 10_000;

    @TempDir
    Path directory;

    private static void write(MeasurementFile file) {
        append(file);
        file.close();
    }

    private static void append(MeasurementFile file) {
        for (long seq = 0; seq < ROWS; seq++) {
            file.append(seq, new byte[] {'p', '-'}, 1000, 1100, 1150, 1300, 7, 990);
        }
    }

    @Test
    void every_row_is_in_the_file_when_it_is_closed() throws IOException {
        MeasurementFile file = MeasurementFile.create(directory.resolve("m.csv"));
        write(file);
        List<String> lines = Files.readAllLines(file.recordings().get(0).path());
        assertThat(lines).hasSize(ROWS + 1);
        assertThat(lines.get(0)).isEqualTo(MeasurementCsv.HEADER);
        assertThat(lines.get(ROWS)).isEqualTo("9999,p-9999,1000,1100,1150,1300,7,-0.025,0.125,0.050,0.300,990");
        assertThat(file.recordings()).containsExactly(Recording.of(directory.resolve("m.csv")));
        assertThat(file.troubles()).isEmpty();
    }

    /** A pipe that nobody reads stands for a disk that takes nothing for a while. */
    @Test
    @Timeout(20)
    void rows_are_taken_while_the_disk_takes_nothing_and_are_all_written_when_it_does() throws Exception {
        Path pipe = directory.resolve("pipe");
        Path read = directory.resolve("read");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        FileChannel bothEnds = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE);
        MeasurementFile file = MeasurementFile.writing(pipe, FileChannel.open(pipe, StandardOpenOption.WRITE));
        append(file); // some 600 KB, of which the pipe takes 64

        Process reader = new ProcessBuilder("cat", pipe.toString())
                .redirectOutput(read.toFile())
                .start();
        file.close();
        bothEnds.close();

        assertThat(reader.waitFor()).isZero();
        assertThat(Files.readAllLines(read)).hasSize(ROWS + 1).first().isEqualTo(MeasurementCsv.HEADER);
        assertThat(file.recordings().get(0))
                .isEqualTo(
                        new Recording(pipe, Files.size(read), Recording.of(read).crc32c()));
        assertThat(file.troubles()).isEmpty();
    }

    @Test
    void a_disk_that_is_full_ends_the_recording_and_nothing_else() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "needs /dev/full");
        MeasurementFile file = MeasurementFile.writing(full, FileChannel.open(full, StandardOpenOption.WRITE));
        write(file);
        assertThat(file.troubles()).singleElement().asString().contains("ended early", "No space left");
    }
}

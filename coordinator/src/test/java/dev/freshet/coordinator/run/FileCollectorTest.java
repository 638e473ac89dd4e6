package dev.freshet.coordinator.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshet.common.control.ToAgent.Collect;
import dev.freshet.common.control.ToCoordinator.Chunk;
import dev.freshet.common.control.ToCoordinator.SpooledFile;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCollectorTest {
    private static final int CHUNK_BYTES = 256 << 10;

    @TempDir
    private Path directory;

    private final List<Collect> asked = new ArrayList<>();
    private final List<String> ends = new ArrayList<>();
    private long nanoTime;

    private FileCollector collector(SpooledFile... files) {
        return new FileCollector(
                "r1", "p1", new ResultDirectory(directory), List.of(files), asked::add, ends::add, () -> nanoTime);
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static SpooledFile describe(String name, byte[] content) {
        CRC32C checksum = new CRC32C();
        checksum.update(content);
        return new SpooledFile(name, content.length, checksum.getValue());
    }

    /** An agent that does what it is asked. */
    private void answer(FileCollector collector, byte[] content) {
        while (!asked.isEmpty()) {
            Collect collect = asked.remove(0);
            long end = Math.min(content.length, collect.offset() + collect.creditBytes());
            for (long offset = collect.offset(); offset < end; offset += CHUNK_BYTES) {
                int to = (int) Math.min(end, offset + CHUNK_BYTES);
                collector.chunk(new Chunk("r1", collect.file(), offset), Arrays.copyOfRange(content, (int) offset, to));
            }
        }
    }

    @Test
    void files_of_any_length_arrive_whole_within_the_credit() throws IOException {
        for (int length : new int[] {
            0, 1, CHUNK_BYTES, (int) FileCollector.CREDIT_BYTES, (int) FileCollector.CREDIT_BYTES * 2 + 17
        }) {
            byte[] content = random(length);
            ends.clear();
            FileCollector collector = collector(describe("measurements.csv", content));
            collector.start();
            assertThat(asked).allMatch(collect -> collect.creditBytes() <= FileCollector.CREDIT_BYTES);
            answer(collector, content);
            Path file = directory.resolve("agents/p1/measurements.csv");
            assertThat(ends).containsExactly((String) null);
            assertThat(Files.readAllBytes(file)).isEqualTo(content);
            Files.delete(file);
        }
    }

    @Test
    void a_damaged_file_is_said_to_be_damaged() {
        byte[] content = random(100_000);
        FileCollector collector = collector(describe("measurements.csv", content));
        collector.start();
        byte[] damaged = content.clone();
        damaged[4_711] ^= 1;
        answer(collector, damaged);
        assertThat(ends).containsExactly("measurements.csv arrived damaged twice: its checksum differs");
        assertThat(directory.resolve("agents/p1/measurements.csv")).doesNotExist();
    }

    @Test
    void a_file_that_arrived_damaged_is_fetched_once_more() throws IOException {
        byte[] content = random(100_000);
        FileCollector collector = collector(describe("measurements.csv", content));
        collector.start();
        asked.clear();
        byte[] damaged = content.clone();
        damaged[99_999] ^= 1;
        collector.chunk(new Chunk("r1", "measurements.csv", 0), damaged);
        assertThat(asked).hasSize(1);
        answer(collector, content);
        assertThat(ends).containsExactly((String) null);
        assertThat(Files.readAllBytes(directory.resolve("agents/p1/measurements.csv")))
                .isEqualTo(content);
    }

    @Test
    void a_part_that_comes_twice_or_too_late_is_passed_over() throws IOException {
        byte[] content = random(2 * CHUNK_BYTES);
        FileCollector collector = collector(describe("network.csv", content));
        collector.start();
        byte[] first = Arrays.copyOf(content, CHUNK_BYTES);
        collector.chunk(new Chunk("r1", "network.csv", 0), first);
        collector.chunk(new Chunk("r1", "network.csv", 0), first);
        collector.chunk(new Chunk("r1", "measurements.csv", CHUNK_BYTES), first);
        collector.chunk(
                new Chunk("r1", "network.csv", CHUNK_BYTES), Arrays.copyOfRange(content, CHUNK_BYTES, content.length));
        assertThat(ends).containsExactly((String) null);
        assertThat(Files.readAllBytes(directory.resolve("agents/p1/network.csv")))
                .isEqualTo(content);
    }

    @Test
    void a_name_from_outside_never_becomes_a_path() {
        FileCollector collector = collector(new SpooledFile("../../summary.json", 10, 0));
        collector.start();
        assertThat(asked).isEmpty();
        assertThat(ends).hasSize(1);
        assertThat(ends.get(0)).contains("a file that is not collected");
    }

    @Test
    void more_than_was_announced_is_not_taken() {
        FileCollector collector = collector(describe("network.csv", random(10)));
        collector.start();
        collector.chunk(new Chunk("r1", "network.csv", 0), random(11));
        assertThat(ends).containsExactly("network.csv is not as long as announced");
    }

    @Test
    void an_agent_that_sends_nothing_any_more_is_given_up_after_a_while() {
        FileCollector collector = collector(describe("network.csv", random(10)));
        collector.start();
        asked.clear();
        nanoTime += FileCollector.STALLED_NANOS;
        collector.watch();
        assertThat(asked).as("asked once more from where it had got to").hasSize(1);
        assertThat(ends).isEmpty();
        nanoTime++;
        collector.watch();
        assertThat(ends).containsExactly("network.csv: nothing came for 15 s");
    }
}

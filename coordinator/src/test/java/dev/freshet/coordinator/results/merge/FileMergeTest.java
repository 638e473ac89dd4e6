package dev.freshet.coordinator.results.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.freshet.common.measure.MeasurementCsv;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileMergeTest {
    private static final long BASE_MICROS = 1_700_000_000_000_000L;

    @TempDir
    private Path directory;

    private record Row(String agent, long t1, String text) {}

    private static String row(String agent, long seq, long t1) {
        ByteBuffer buffer = ByteBuffer.allocate(MeasurementCsv.MAX_ROW_BYTES);
        byte[] prefix = (agent + "-").getBytes(StandardCharsets.US_ASCII);
        MeasurementCsv.append(buffer, seq, prefix, t1, t1 + 107, t1 + 150, t1 + 290, 1000, t1 - 3);
        return new String(buffer.array(), 0, buffer.position(), StandardCharsets.US_ASCII);
    }

    private Path file(String name, List<String> rows) throws IOException {
        return Files.writeString(
                directory.resolve(name + ".csv"), MeasurementCsv.HEADER + "\n" + String.join("", rows));
    }

    private List<String> merged() throws IOException {
        return Files.readAllLines(directory.resolve("merged.csv"));
    }

    private MergeResult merge(int chunkBytes, int fanIn, List<Source> sources) throws IOException {
        return new FileMerge(new MeasurementRows(), chunkBytes, fanIn)
                .merge(sources, directory.resolve("merged.csv"), MergeProgress.NONE);
    }

    @ParameterizedTest
    @CsvSource({"1,300,2", "2,300,3", "3,1000,2", "4,5000,128", "5,100000,128", "6,10,2", "7,700,4"})
    void merging_equals_sorting_the_concatenation(long seed, int chunkBytes, int fanIn) throws IOException {
        Random random = new Random(seed);
        List<Source> sources = new ArrayList<>();
        List<Row> all = new ArrayList<>();
        int jitter = List.of(1, 500, 1_000_000).get(random.nextInt(3));
        for (int i = 0; i < 4; i++) {
            String agent = "p" + i;
            long offset = random.nextInt(2_000_000) - 1_000_000;
            List<String> rows = new ArrayList<>();
            for (int seq = 0; seq < 60; seq++) {
                long t1 = BASE_MICROS + seq * 100L + random.nextInt(jitter);
                rows.add(row(agent, seq, t1 + offset));
                all.add(new Row(agent, t1, agent + "," + row(agent, seq, t1).strip()));
            }
            sources.add(new Source(agent, file(agent, rows), offset));
        }
        all.sort(Comparator.comparingLong(Row::t1).thenComparing(Row::agent)); // stable, like the merge
        Collections.shuffle(sources, random);

        MergeResult result = merge(chunkBytes, fanIn, sources);

        assertThat(result).isEqualTo(new MergeResult(240, 0));
        assertThat(merged().get(0)).isEqualTo("agent," + MeasurementCsv.HEADER);
        assertThat(merged().subList(1, 241))
                .containsExactlyElementsOf(all.stream().map(Row::text).toList());
    }

    @Test
    void all_times_of_a_row_move_together_and_nothing_else_does() throws IOException {
        Path file = file("p1", List.of("7,p1-7,5000100,5000400,5000450,5000900,64,0.050,0.375,0.050,0.800,5000090\n"));
        merge(1000, 2, List.of(new Source("p1", file, 5_000_000)));
        assertThat(merged().get(1)).isEqualTo("p1,7,p1-7,100,400,450,900,64,0.050,0.375,0.050,0.800,90");
    }

    @Test
    void a_row_cut_short_is_dropped_and_counted() throws IOException {
        String whole = row("p1", 1, BASE_MICROS);
        Path cut = file("p1", List.of(whole, whole.substring(0, whole.length() - 3)));
        Path alsoCut = file("p2", List.of(row("p2", 1, BASE_MICROS), "1,2,3"));
        assertThat(merge(1000, 2, List.of(new Source("p1", cut, 0), new Source("p2", alsoCut, 0))))
                .isEqualTo(new MergeResult(2, 2));
        assertThat(merged()).hasSize(3);
    }

    @Test
    void rows_that_are_none_are_dropped_wherever_they_stand() throws IOException {
        String good = row("p1", 1, BASE_MICROS);
        Path file = file(
                "p1",
                List.of(
                        "\n",
                        good,
                        good.replace("p1-1", ""),
                        "x".repeat(1 << 20) + "\n",
                        good.strip() + ",1\n",
                        good.replace(String.valueOf(BASE_MICROS), "17000000000000x0"),
                        good,
                        "y".repeat(1 << 20)));
        assertThat(merge(1000, 2, List.of(new Source("p1", file, 0)))).isEqualTo(new MergeResult(2, 6));
    }

    @Test
    void an_empty_file_and_one_of_a_header_only_give_no_rows() throws IOException {
        Path empty = Files.createFile(directory.resolve("empty"));
        Source headerOnly = new Source("p2", file("p2", List.of()), 0);
        assertThat(merge(1000, 2, List.of(new Source("p1", empty, 0), headerOnly)))
                .isEqualTo(new MergeResult(0, 0));
        assertThat(merged()).containsExactly("agent," + MeasurementCsv.HEADER);
    }

    @Test
    void temporary_files_are_gone_afterwards_also_when_it_fails() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 500; i > 0; i--) {
            rows.add(row("p1", i, BASE_MICROS + i));
        }
        Source good = new Source("p1", file("p1", rows), 0);
        merge(300, 2, List.of(good));
        assertThat(names()).containsExactlyInAnyOrder("p1.csv", "merged.csv");

        Files.createDirectory(directory.resolve("merged.csv.part")); // so the target cannot be written
        Files.delete(directory.resolve("merged.csv"));
        assertThatThrownBy(() -> merge(300, 2, List.of(good))).isInstanceOf(IOException.class);
        assertThat(names()).containsExactly("p1.csv");
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_missing_source_fails_and_leaves_what_was_merged_before() throws IOException {
        Files.writeString(directory.resolve("merged.csv"), "before\n");
        Source missing = new Source("p1", directory.resolve("missing"), 0);
        assertThatThrownBy(() -> merge(300, 2, List.of(missing))).isInstanceOf(NoSuchFileException.class);
        assertThat(merged()).containsExactly("before");
    }

    @Test
    void progress_grows_and_ends_at_the_total() throws IOException {
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < 30_000; i++) {
            rows.add(row("p1", i, BASE_MICROS + i));
        }
        List<Long> told = new ArrayList<>();
        AtomicLong whole = new AtomicLong();
        new FileMerge(new MeasurementRows(), 1 << 20, 128)
                .merge(
                        List.of(new Source("p1", file("p1", rows), 0)),
                        directory.resolve("merged.csv"),
                        (done, total) -> {
                            told.add(done);
                            whole.set(total);
                        });
        assertThat(told).isSorted().hasSizeGreaterThan(3);
        assertThat(told.get(told.size() - 1)).isEqualTo(whole.get());
    }

    /** Several MB, so that progress is told while it goes on; each agent's answers come in bunches, the last of a bunch first. */
    private List<Source> inBunches(int rowsEach, int bunch) throws IOException {
        List<Source> sources = new ArrayList<>();
        for (String agent : List.of("p1", "p2")) {
            List<String> rows = new ArrayList<>();
            for (int seq = 0; seq < rowsEach; seq++) {
                int answered = Math.min(rowsEach, (seq / bunch + 1) * bunch) - 1 - seq % bunch;
                rows.add(row(agent, answered, BASE_MICROS + answered));
            }
            sources.add(new Source(agent, file(agent, rows), 0));
        }
        return sources;
    }

    @ParameterizedTest
    @CsvSource({"100, false", "20000, true"})
    void rows_out_of_order_within_the_window_need_no_temporary_files(int bunch, boolean spilled) throws IOException {
        List<Source> sources = inBunches(20_000, bunch);
        List<String> temporary = new ArrayList<>();
        new FileMerge(new MeasurementRows(), 200_000, 128)
                .merge(sources, directory.resolve("merged.csv"), (done, of) -> {
                    temporary.addAll(names().stream()
                            .filter(name -> name.endsWith(".stretch"))
                            .toList());
                });
        assertThat(temporary.isEmpty()).isEqualTo(!spilled);
        List<Long> times = merged().stream()
                .skip(1)
                .map(row -> Long.valueOf(row.split(",")[3]))
                .toList();
        assertThat(times).hasSize(40_000).isSorted();
    }

    @Test
    void what_one_pass_allocates_does_not_depend_on_how_many_rows_there_are() throws IOException {
        allocatedMerging(5_000); // once, for what is loaded and made once
        long few = allocatedMerging(5_000);
        assertThat(allocatedMerging(40_000)).isCloseTo(few, within(500_000L)); // the files are 8 MB larger
    }

    private long allocatedMerging(int rowsEach) throws IOException {
        List<Source> sources = inBunches(rowsEach, 100);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        merge(100_000, 128, sources);
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    @Test
    void interface_samples_are_ordered_by_time_with_or_without_a_zone() throws IOException {
        String header = new NetworkRows().header() + "\n";
        Path p1 = Files.writeString(
                directory.resolve("p1"),
                header + "2026-11-23T17:01:02.500000Z,1,2,3,4,5,6,7,8\n2026-11-23T17:01:03.5Z,2,2,3,4,5,6,7,8\n");
        Path p2 = Files.writeString(
                directory.resolve("p2"),
                header + "2026-11-23T18:01:03+01:00,9,2,3,4,5,6,7,8\n2026-11-23T17:01:04,9,2,3,4,5,6,7,8\nnoise\n");
        MergeResult result = FileMerge.ofNetwork()
                .merge(
                        List.of(new Source("p1", p1, 250_000), new Source("p2", p2, 0)),
                        directory.resolve("merged.csv"),
                        MergeProgress.NONE);
        assertThat(result).isEqualTo(new MergeResult(4, 1));
        assertThat(merged())
                .containsExactly(
                        "agent," + header.strip(),
                        "p1,2026-11-23T17:01:02.250000Z,1,2,3,4,5,6,7,8",
                        "p2,2026-11-23T17:01:03.000000Z,9,2,3,4,5,6,7,8",
                        "p1,2026-11-23T17:01:03.250000Z,2,2,3,4,5,6,7,8",
                        "p2,2026-11-23T17:01:04.000000Z,9,2,3,4,5,6,7,8");
    }

    @Test
    void rows_of_unpaced_messages_keep_their_empty_column() throws IOException {
        String row = row("p1", 0, BASE_MICROS);
        String unpaced = row.substring(0, row.lastIndexOf(',')) + ",\n";
        MergeResult result = merge(1000, 2, List.of(new Source("p1", file("p1", List.of(unpaced)), 0)));
        assertThat(result.rows()).isEqualTo(1);
        assertThat(merged().get(1)).isEqualTo("p1," + unpaced.strip());
    }
}

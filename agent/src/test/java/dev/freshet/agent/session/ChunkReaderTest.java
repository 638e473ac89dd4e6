package dev.freshet.agent.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkReaderTest {
    private static final int SIZE_BYTES = 7 * ChunkReader.CHUNK_BYTES + 100;
    private static final int WINDOW_BYTES = 2 * ChunkReader.CHUNK_BYTES;

    @TempDir
    private Path directory;

    private final byte[] content = new byte[SIZE_BYTES];
    private final ChunkReader reader = new ChunkReader();
    private Path file;

    private record Chunk(long offset, byte[] bytes) {}

    @BeforeEach
    void write() throws IOException {
        new Random(1).nextBytes(content);
        file = Files.write(directory.resolve("measurements.csv"), content);
    }

    private List<Chunk> window(long offset, long sizeBytes) throws IOException {
        List<Chunk> chunks = new ArrayList<>();
        reader.read(file, offset, sizeBytes, (at, bytes) -> chunks.add(new Chunk(at, bytes)));
        return chunks;
    }

    private void assertIntact(List<Chunk> chunks) {
        assertThat(chunks)
                .allSatisfy(chunk -> assertThat(chunk.bytes())
                        .isEqualTo(Arrays.copyOfRange(
                                content, (int) chunk.offset(), (int) chunk.offset() + chunk.bytes().length)));
    }

    @Test
    void windows_one_after_the_other_are_the_file_and_share_their_arrays() throws IOException {
        List<byte[]> first = null;
        for (long offset = 0; offset < 6 * ChunkReader.CHUNK_BYTES; offset += WINDOW_BYTES) {
            List<Chunk> chunks = window(offset, WINDOW_BYTES);
            assertThat(chunks).hasSize(2);
            assertIntact(chunks);
            List<byte[]> arrays = chunks.stream().map(Chunk::bytes).toList();
            assertThat(first == null || (first.get(0) == arrays.get(0) && first.get(1) == arrays.get(1)))
                    .isTrue();
            first = arrays;
        }
        List<Chunk> last = window(6 * ChunkReader.CHUNK_BYTES, WINDOW_BYTES);
        assertThat(last.get(1).bytes()).hasSize(100);
        assertIntact(last);
    }

    @Test
    void a_window_that_is_asked_for_again_leaves_alone_what_may_still_be_on_its_way() throws IOException {
        List<Chunk> sent = window(0, WINDOW_BYTES);
        assertIntact(window(ChunkReader.CHUNK_BYTES, WINDOW_BYTES));
        assertIntact(window(0, WINDOW_BYTES));
        assertIntact(sent);
    }

    @Test
    void beyond_the_end_there_is_one_chunk_without_bytes() throws IOException {
        assertThat(window(SIZE_BYTES, WINDOW_BYTES))
                .singleElement()
                .satisfies(chunk -> assertThat(chunk.bytes()).isEmpty());
        assertThat(window(SIZE_BYTES + 1L, WINDOW_BYTES)).hasSize(1);
    }
}

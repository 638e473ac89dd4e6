package dev.freshet.coordinator.results.recording;

import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.dataformat.csv.CsvGenerator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * {@code intervals.csv} and {@code agent-intervals.csv}: the members of a record are the columns, in their order. A figure that is not known is an
 * empty field. What was added is on its way to the disk before the next is.
 */
final class IntervalsCsv<T extends Record> implements Closeable {
    private static final CsvMapper CSV = CsvMapper.builder()
            .enable(CsvGenerator.Feature.STRICT_CHECK_FOR_QUOTING)
            .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .build();

    private final Writer file;
    private final SequenceWriter rows;

    IntervalsCsv(Path path, Class<T> row) throws IOException {
        file = Files.newBufferedWriter(path);
        rows = CSV.writer(CSV.schemaFor(row).withHeader()).writeValues(file);
        rows.flush();
    }

    void add(List<T> added) throws IOException {
        rows.writeAll(added);
        rows.flush();
    }

    @Override
    public void close() throws IOException {
        rows.close();
        file.close();
    }
}

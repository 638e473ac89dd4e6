package dev.freshet.coordinator.results.report;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.RuntimeJsonMappingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;

/** The rows of a CSV file with a header, one at a time. A row that is not whole (the writer was killed, the disk full) ends the file. */
final class CsvRows implements Closeable {
    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.WRAP_AS_ARRAY).build();

    private final MappingIterator<String[]> rows;
    private final boolean lastIsWhole;
    private final List<String> columns;
    private boolean broken;

    /** @throws IOException if it cannot be read, or has no header */
    CsvRows(Path file) throws IOException {
        lastIsWhole = endsWithLineEnd(file);
        rows = CSV.readerFor(String[].class).readValues(file.toFile());
        if (!rows.hasNextValue()) {
            throw new IOException("it is empty");
        }
        columns = List.of(rows.nextValue());
    }

    private static boolean endsWithLineEnd(Path path) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            if (file.length() == 0) {
                return true;
            }
            file.seek(file.length() - 1);
            return file.read() == '\n';
        }
    }

    List<String> columns() {
        return columns;
    }

    /** The position of a column. */
    int column(String name) throws IOException {
        int at = columns.indexOf(name);
        if (at < 0) {
            throw new IOException("it has no column " + name);
        }
        return at;
    }

    /** The next row's cells, as many as there are columns; null at the end. */
    String[] next() throws IOException {
        if (broken || !rows.hasNextValue()) {
            return null;
        }
        String[] row;
        try {
            row = rows.nextValue();
        } catch (RuntimeJsonMappingException e) {
            throw new IOException(e.getMessage(), e);
        }
        broken = row.length != columns.size() || (!lastIsWhole && !rows.hasNextValue());
        return broken ? null : row;
    }

    /** Whether the file ended within a row. */
    boolean isBroken() {
        return broken;
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}

package dev.freshet.coordinator.history;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The rows of one agent in {@code agent-intervals.csv}, of a run that is over or goes on: a row counts when the end of its line is there. */
public final class AgentIntervals {
    /** The latest hour. */
    static final int MAX_ROWS = 3600;

    private static final String AGENT = "agent";
    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.EMPTY_STRING_AS_NULL).build();

    private AgentIntervals() {}

    /**
     * The latest rows of an agent, at most {@value #MAX_ROWS}; none if it has none, or the run is older than the file.
     *
     * @throws IOException if the file cannot be read, or is not what it should be
     */
    public static List<AgentInterval> of(ResultDirectory directory, String agent) throws IOException {
        Optional<Path> file = directory.file(ResultDirectory.AGENT_INTERVALS);
        if (file.isEmpty()) {
            return List.of();
        }
        try (BufferedReader lines = Files.newBufferedReader(file.get())) {
            String header = completeLine(lines);
            return header == null ? List.of() : parse(header, linesOf(agent, header, lines));
        }
    }

    private static Deque<String> linesOf(String agent, String header, Reader in) throws IOException {
        int column = List.of(header.split(",")).indexOf(AGENT);
        if (column < 0) {
            throw new IOException(ResultDirectory.AGENT_INTERVALS + " has no column '" + AGENT + "'");
        }
        Deque<String> lines = new ArrayDeque<>();
        for (String line = completeLine(in); line != null; line = completeLine(in)) {
            String[] leading = line.split(",", column + 2); // to parse all of all agents would take ten times as long
            if (leading.length > column && leading[column].equals(agent)) {
                lines.addLast(line);
                if (lines.size() > MAX_ROWS) {
                    lines.removeFirst();
                }
            }
        }
        return lines;
    }

    /** @return null at the end, and for a line whose end is not there yet: its last figure may lack digits */
    private static String completeLine(Reader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0; c = in.read()) {
            if (c == '\n') {
                return line.toString();
            }
            line.append((char) c);
        }
        return null;
    }

    private static List<AgentInterval> parse(String header, Deque<String> lines) throws IOException {
        lines.addFirst(header);
        try (MappingIterator<AgentInterval> rows = CSV.readerFor(AgentInterval.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(String.join("\n", lines))) {
            return rows.readAll();
        }
    }
}

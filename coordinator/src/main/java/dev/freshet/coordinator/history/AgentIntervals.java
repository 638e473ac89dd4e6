package dev.freshet.coordinator.history;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.results.ResultDirectory;
import dev.freshet.coordinator.results.merge.LineReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
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
        try (LineReader lines = new LineReader(file.get())) {
            if (!lines.next() || !lines.isWhole()) {
                return List.of();
            }
            String header = text(lines);
            return parse(header, linesOf(agent, header, lines));
        }
    }

    private static Deque<String> linesOf(String agent, String header, LineReader in) throws IOException {
        int column = List.of(header.split(",")).indexOf(AGENT);
        if (column < 0) {
            throw new IOException(ResultDirectory.AGENT_INTERVALS + " has no column '" + AGENT + "'");
        }
        byte[] name = agent.getBytes(StandardCharsets.US_ASCII);
        Deque<String> lines = new ArrayDeque<>();
        while (in.next()) {
            if (in.isWhole() && isOf(name, column, in)) { // the last figure of a line that is not may lack digits
                lines.addLast(text(in));
                if (lines.size() > MAX_ROWS) {
                    lines.removeFirst();
                }
            }
        }
        return lines;
    }

    /** Looks at the one field: to parse all rows of all agents would take many times as long. */
    private static boolean isOf(byte[] agent, int column, LineReader line) {
        byte[] bytes = line.bytes();
        int from = line.start();
        for (int passed = 0; passed < column; from++) {
            if (from == line.end()) {
                return false;
            }
            passed += bytes[from] == ',' ? 1 : 0;
        }
        int to = from + agent.length;
        return to < line.end() && bytes[to] == ',' && Arrays.equals(bytes, from, to, agent, 0, agent.length);
    }

    private static String text(LineReader line) {
        return new String(line.bytes(), line.start(), line.end() - line.start(), StandardCharsets.UTF_8);
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

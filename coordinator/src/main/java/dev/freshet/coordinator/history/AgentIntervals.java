package dev.freshet.coordinator.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import dev.freshet.coordinator.intervals.AgentInterval;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The rows of one agent in {@code agent-intervals.csv}, of a run that is over or goes on. */
public final class AgentIntervals {
    /** The latest hour. */
    static final int MAX_ROWS = 3600;

    private static final CsvMapper CSV =
            CsvMapper.builder().enable(CsvParser.Feature.EMPTY_STRING_AS_NULL).build();

    private AgentIntervals() {}

    /** The latest rows of an agent, at most an hour's; none if it has none, or the run is older than the file. */
    public static List<AgentInterval> of(ResultDirectory directory, String agent) throws IOException {
        Optional<Path> file = directory.file(ResultDirectory.AGENT_INTERVALS);
        if (file.isEmpty()) {
            return List.of();
        }
        Deque<String> lines = new ArrayDeque<>();
        String header;
        try (BufferedReader reader = Files.newBufferedReader(file.get())) {
            header = reader.readLine();
            String mark = "," + agent + ",";
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.contains(mark)) { // parsing all of them would take ten times as long
                    lines.addLast(line);
                    if (lines.size() > MAX_ROWS) {
                        lines.removeFirst();
                    }
                }
            }
        }
        return rows(header, lines);
    }

    private static List<AgentInterval> rows(String header, Deque<String> lines) throws IOException {
        if (header == null) {
            return List.of();
        }
        CsvSchema.Builder schema = CsvSchema.builder();
        for (String column : header.split(",")) {
            schema.addColumn(column);
        }
        ObjectReader reader = CSV.readerFor(AgentInterval.class).with(schema.build());
        long fields = fields(header);
        List<AgentInterval> rows = new ArrayList<>(lines.size());
        for (String line : lines) {
            if (fields(line) == fields) { // the last line of a run that goes on may be half there
                rows.add(row(reader, line));
            }
        }
        return rows;
    }

    private static AgentInterval row(ObjectReader reader, String line) throws IOException {
        try {
            return reader.readValue(line);
        } catch (JsonProcessingException e) {
            throw new IOException(ResultDirectory.AGENT_INTERVALS + ": " + e.getOriginalMessage(), e);
        }
    }

    private static long fields(String line) {
        return line.chars().filter(c -> c == ',').count();
    }
}

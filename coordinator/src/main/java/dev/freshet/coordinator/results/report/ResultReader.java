package dev.freshet.coordinator.results.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.freshet.coordinator.intervals.Heat;
import dev.freshet.coordinator.results.ResultDirectory;
import java.io.BufferedReader;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads the files of one result directory into {@link ReportData}. Every file is read row by row, and the long ones twice: how many seconds are
 * joined depends on how many there are. So memory grows with the number of points that are shown, not with the length of the run.
 */
final class ResultReader {
    private static final String INTERVALS = "intervals.csv";
    private static final String AGENT_INTERVALS = "agent-intervals.csv";
    private static final String HISTOGRAMS = "histograms.hlog";
    private static final String EVENTS = "events.jsonl";
    private static final int MAX_EVENTS = 5000;
    private static final int MAX_POINTS = 600;
    private static final int MAX_POINTS_OF_ALL_AGENTS = 64 * MAX_POINTS;

    /** Lengths of a row that a person can read off an axis, in seconds. */
    private static final int[] SPANS = {1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 180, 300, 600, 900, 1200, 1800, 3600};

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Path directory;
    private final List<String> missing = new ArrayList<>();

    ResultReader(Path directory) {
        this.directory = directory;
    }

    private interface Reading<T> {
        T read(Path file) throws IOException;
    }

    /** What a file holds, or {@code otherwise} and a sentence in {@code missing}. */
    private <T> T reading(String file, T otherwise, Reading<T> reading) {
        try {
            return reading.read(directory.resolve(file));
        } catch (FileNotFoundException | NoSuchFileException e) {
            missing.add("There is no " + file + ".");
        } catch (IOException | NumberFormatException e) {
            missing.add(file + " cannot be read: "
                    + String.valueOf(e.getMessage()).lines().findFirst().orElse("") + ".");
        }
        return otherwise;
    }

    ReportData read() {
        JsonNode summary = reading(ResultDirectory.SUMMARY, null, ResultReader::json);
        JsonNode plan = reading(ResultDirectory.PLAN, null, file -> YAML.readTree(file.toFile()));
        JoinedRows intervals = reading(INTERVALS, JoinedRows.NONE, this::intervals);
        List<Heat> heat = new ArrayList<>(Collections.nCopies(intervals.size(), Heat.NONE));
        reading(HISTOGRAMS, null, file -> {
            if (!RowHistograms.read(file, new TimedRows(intervals, heat))) {
                missing.add(HISTOGRAMS + " ends within a line.");
            }
            return null;
        });
        Map<String, JoinedRows> agents = reading(AGENT_INTERVALS, Map.of(), this::agents);
        Map<String, Map<String, List<Object>>> columnsOfAgents = new LinkedHashMap<>();
        agents.forEach((agent, rows) -> {
            Map<String, List<Object>> columns = new LinkedHashMap<>(rows.columns());
            columns.remove("agent");
            columnsOfAgents.put(agent, columns);
        });
        List<JsonNode> events = reading(EVENTS, List.of(), this::events);
        return new ReportData(
                summary,
                plan,
                intervals.columns(),
                heat,
                columnsOfAgents,
                events,
                intervals.eachSeconds(),
                agents.values().stream()
                        .mapToInt(JoinedRows::eachSeconds)
                        .findFirst()
                        .orElse(1),
                missing);
    }

    private static JsonNode json(Path file) throws IOException {
        JsonNode read = JSON.readTree(file.toFile());
        if (!read.isObject()) {
            throw new IOException("it is not a JSON object");
        }
        return read;
    }

    private JoinedRows intervals(Path file) throws IOException {
        int seconds = 0;
        int rows = 0;
        try (CsvRows csv = new CsvRows(file)) {
            int interval = csv.column("interval");
            for (String[] row = csv.next(); row != null; row = csv.next()) {
                seconds = Math.max(seconds, Integer.parseInt(row[interval]) + 1);
                rows++;
            }
        }
        try (CsvRows csv = new CsvRows(file)) {
            JoinedRows joined =
                    new JoinedRows(csv.columns(), rows <= ReportData.MAX_ROWS ? 1 : span(seconds, ReportData.MAX_ROWS));
            csv.column("phase");
            if (!csv.columns().contains("target_hz")) {
                missing.add(INTERVALS + " is of an older version: it does not say what was wanted in each second.");
            }
            for (String[] row = csv.next(); row != null; row = csv.next()) {
                joined.add(row);
            }
            joined.close();
            tellBroken(INTERVALS, csv);
            return joined;
        }
    }

    private void tellBroken(String file, CsvRows csv) {
        if (csv.isBroken()) {
            missing.add(file + " ends within a row.");
        }
    }

    /** How many seconds to join, so that there are at most so many rows. */
    private static int span(int seconds, int most) {
        for (int span : SPANS) {
            if ((seconds + span - 1) / span <= most) {
                return span;
            }
        }
        return (seconds + most - 1) / most;
    }

    private Map<String, JoinedRows> agents(Path file) throws IOException {
        Set<String> names = new HashSet<>();
        int seconds = 0;
        try (CsvRows csv = new CsvRows(file)) {
            int interval = csv.column("interval");
            int agent = csv.column("agent");
            for (String[] row = csv.next(); row != null; row = csv.next()) {
                names.add(row[agent]);
                seconds = Math.max(seconds, Integer.parseInt(row[interval]) + 1);
            }
        }
        int points = Math.max(1, Math.min(MAX_POINTS, MAX_POINTS_OF_ALL_AGENTS / Math.max(1, names.size())));
        try (CsvRows csv = new CsvRows(file)) {
            int agent = csv.column("agent");
            int eachSeconds = span(seconds, points);
            Map<String, JoinedRows> joined = new LinkedHashMap<>();
            for (String[] row = csv.next(); row != null; row = csv.next()) {
                joined.computeIfAbsent(row[agent], first -> new JoinedRows(csv.columns(), eachSeconds))
                        .add(row);
            }
            joined.values().forEach(JoinedRows::close);
            tellBroken(AGENT_INTERVALS, csv);
            return joined;
        }
    }

    private List<JsonNode> events(Path file) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (events.size() == MAX_EVENTS) {
                    missing.add("Of " + EVENTS + " only the first " + MAX_EVENTS + " events are shown.");
                    break;
                }
                try {
                    events.add(JSON.readTree(line));
                } catch (JsonProcessingException e) {
                    missing.add(EVENTS + " ends within a line.");
                    break;
                }
            }
        }
        return events;
    }
}

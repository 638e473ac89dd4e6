package dev.freshet.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A result directory as an outsider reads it: nothing of Freshet's own code is used. */
record Results(Path directory) {
    JsonNode summary() throws IOException {
        return new ObjectMapper().readTree(directory.resolve("summary.json").toFile());
    }

    JsonNode agent(String name) throws IOException {
        for (JsonNode agent : summary().get("agents")) {
            if (agent.get("name").asText().equals(name)) {
                return agent;
            }
        }
        throw new AssertionError("no agent " + name + " in the summary");
    }

    long ledger(String line) throws IOException {
        return summary().get("ledger").get(line).asLong();
    }

    /** The rows of a CSV file, each by column. */
    List<Map<String, String>> csv(String file) throws IOException {
        List<String> lines = Files.readAllLines(directory.resolve(file));
        String[] columns = lines.get(0).split(",");
        List<Map<String, String>> rows = new ArrayList<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] values = line.split(",", -1);
            Map<String, String> row = new LinkedHashMap<>();
            for (int i = 0; i < columns.length; i++) {
                row.put(columns[i], values[i]);
            }
            rows.add(row);
        }
        return rows;
    }

    /** The value that {@code percent} of the sorted values do not exceed (nearest rank). */
    static double percentile(List<Double> sorted, double percent) {
        return sorted.get((int) Math.max(0, Math.ceil(percent / 100 * sorted.size()) - 1));
    }
}

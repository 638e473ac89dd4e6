package dev.freshet.coordinator.results.report;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.freshet.coordinator.intervals.Heat;
import dev.freshet.coordinator.results.ResultDirectory;
import java.util.List;
import java.util.Map;

/**
 * Everything that the charts and tables of a finished run show, as JSON; the page keeps a live run in the same shape.
 *
 * @param summary the members of {@code summary.json}, or null
 * @param plan the keys of {@code plan.yaml}, or null
 * @param intervals the columns of {@code intervals.csv}, by name. Where seconds are joined: counts added, rates averaged, percentiles those of all
 *     that the histograms hold of these seconds
 * @param heat one for each row of {@code intervals}
 * @param agents the columns of {@code agent-intervals.csv} without {@code agent}, by agent and name. Where seconds are joined: counts added, rates
 *     averaged, and of percentiles those of the worst second
 * @param events the lines of {@code events.jsonl}
 * @param rowsEachSeconds how many seconds are joined to one row of {@code intervals}
 * @param agentsEachSeconds the same of {@code agents}
 * @param missing what could not be read, as sentences; empty if all is there
 */
public record ReportData(
        JsonNode summary,
        JsonNode plan,
        Map<String, List<Object>> intervals,
        List<Heat> heat,
        Map<String, Map<String, List<Object>>> agents,
        List<JsonNode> events,
        @JsonProperty("rows_each_s") int rowsEachSeconds,
        @JsonProperty("agents_each_s") int agentsEachSeconds,
        List<String> missing) {
    /** Rows that {@code intervals} has at most, but for seconds that have a row in either phase. */
    public static final int MAX_ROWS = 3600;

    /** Reads a result directory. What is not there, or not whole, is left out and told in {@code missing}. */
    public static ReportData of(ResultDirectory directory) {
        return new ResultReader(directory.path()).read();
    }
}

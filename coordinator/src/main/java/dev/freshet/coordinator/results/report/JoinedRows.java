package dev.freshet.coordinator.results.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of a CSV file as columns, some seconds joined to one row. Rows must come by ascending interval; those of different phases are never
 * joined. Held until they are joined are the rows of that many seconds, no more.
 */
final class JoinedRows {
    /** No rows, of no columns. */
    static final JoinedRows NONE = new JoinedRows(List.of(), 1);

    private final List<String> names;
    private final int eachSeconds;
    private final int intervalAt;
    private final int phaseAt;
    private final Map<String, List<Object>> columns = new LinkedHashMap<>();
    private final Map<String, List<String[]>> open = new LinkedHashMap<>(); // by phase, of one span of seconds
    private final Map<String, Integer> index = new LinkedHashMap<>(); // by span and phase
    private int openSpan;

    /** @param names of the columns, {@code interval} and {@code phase} among them */
    JoinedRows(List<String> names, int eachSeconds) {
        this.names = names;
        this.eachSeconds = eachSeconds;
        this.intervalAt = names.indexOf("interval");
        this.phaseAt = names.indexOf("phase");
        names.forEach(name -> columns.put(name, new ArrayList<>()));
    }

    /** @throws NumberFormatException if it has no interval */
    void add(String[] row) {
        int span = Integer.parseInt(row[intervalAt]) / eachSeconds;
        if (span != openSpan) {
            close();
            openSpan = span;
        }
        open.computeIfAbsent(row[phaseAt], phase -> new ArrayList<>()).add(row);
    }

    /** Joins what is open; after the last row at the latest. */
    void close() {
        open.forEach((phase, rows) -> {
            index.put(key(openSpan, phase), index.size());
            for (int i = 0; i < names.size(); i++) {
                int at = i;
                List<Object> cells = new ArrayList<>(rows.size());
                rows.forEach(row -> cells.add(cell(names.get(at), row[at])));
                columns.get(names.get(at))
                        .add(
                                cells.size() == 1
                                        ? cells.get(0)
                                        : Joining.of(names.get(at)).join(cells));
            }
        });
        open.clear();
    }

    private static String key(int span, String phase) {
        return span + phase;
    }

    private static Object cell(String column, String text) {
        if (text.isEmpty()) {
            return null;
        }
        if (Joining.of(column) == Joining.FIRST && !column.equals("interval")) {
            return text;
        }
        return text.chars().allMatch(c -> Character.isDigit(c) || c == '-')
                ? (Object) Long.valueOf(text)
                : (Object) Double.valueOf(text);
    }

    /** The row that holds an interval, or -1. */
    int rowOf(int interval, String phase) {
        return index.getOrDefault(key(interval / eachSeconds, phase), -1);
    }

    int size() {
        return index.size();
    }

    /** A cell; null if it is not known, or there is no such column. */
    Object cell(String column, int row) {
        return columns.containsKey(column) ? columns.get(column).get(row) : null;
    }

    /** Sets a cell, if there is such a column. */
    void set(String column, int row, Object value) {
        if (columns.containsKey(column)) {
            columns.get(column).set(row, value);
        }
    }

    /** Makes all cells unknown of the columns whose names begin so. */
    void forget(String beginning) {
        columns.forEach((name, cells) -> {
            if (name.startsWith(beginning)) {
                cells.replaceAll(cell -> null);
            }
        });
    }

    int eachSeconds() {
        return eachSeconds;
    }

    /** By the columns' names, all of equal length. */
    Map<String, List<Object>> columns() {
        return columns;
    }
}

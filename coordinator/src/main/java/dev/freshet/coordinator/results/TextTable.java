package dev.freshet.coordinator.results;

import java.util.ArrayList;
import java.util.List;

/** Rows of cells as aligned columns: the first ones to the left, all others to the right. */
public final class TextTable {
    private static final String GAP = "  ";

    private final int leftColumns;
    private final List<String[]> rows = new ArrayList<>();

    public TextTable(int leftColumns) {
        this.leftColumns = leftColumns;
    }

    public TextTable row(String... cells) {
        rows.add(cells);
        return this;
    }

    /** Each line indented by two spaces and ended. */
    public String text() {
        int[] widths = new int[rows.stream().mapToInt(row -> row.length).max().orElse(0)];
        for (String[] row : rows) {
            for (int i = 0; i < row.length; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < row.length; i++) {
                String fill = " ".repeat(widths[i] - row[i].length());
                line.append(GAP).append(i < leftColumns ? row[i] + fill : fill + row[i]);
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}

package dev.freshet.coordinator.results.report;

import java.util.List;

/** HTML as it is written: whatever is text is escaped, so nothing that a run was told can become part of the page. */
final class Html {
    private final StringBuilder text = new StringBuilder();

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    /** @param classes or null */
    Html open(String element, String classes) {
        text.append('<').append(element);
        if (classes != null) {
            text.append(" class=\"").append(escaped(classes)).append('"');
        }
        text.append('>');
        return this;
    }

    Html close(String element) {
        text.append("</").append(element).append(">\n");
        return this;
    }

    /** An element that holds text only; none if there is no text. */
    Html element(String element, String classes, String content) {
        if (!content.isEmpty()) {
            open(element, classes).text.append(escaped(content));
            close(element);
        }
        return this;
    }

    /** Begins a table. A head of nothing is left out. */
    Html head(List<String> columns) {
        open("table", null);
        if (!columns.stream().allMatch(String::isEmpty)) {
            open("thead", null).open("tr", null);
            columns.forEach(column -> cell("th", column, column.equals(columns.get(0))));
            close("tr").close("thead");
        }
        return open("tbody", null);
    }

    /** A row: the first cell names it, the others are figures. */
    Html row(String... cells) {
        open("tr", null);
        for (int i = 0; i < cells.length; i++) {
            cell(i == 0 ? "th" : "td", cells[i], i == 0);
        }
        return close("tr");
    }

    private void cell(String element, String content, boolean first) {
        open(element, first ? null : "number").text.append(escaped(content));
        close(element);
    }

    Html endOfTable() {
        return close("tbody").close("table");
    }

    @Override
    public String toString() {
        return text.toString();
    }
}

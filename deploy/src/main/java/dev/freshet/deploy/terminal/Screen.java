package dev.freshet.deploy.terminal;

import java.util.List;

/** A part of a terminal on which lines are drawn over the ones before. */
public final class Screen {
    private final Terminal terminal;
    private int drawnLines;

    public Screen(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Draws lines, which {@link #fit}, in place of those before; as many as there is room for. */
    public void draw(List<String> lines) {
        // a frame that is higher than the screen could not be drawn over
        List<String> shown = lines.size() < terminal.rows() ? lines : lines.subList(0, terminal.rows() - 1);
        StringBuilder frame = new StringBuilder();
        if (drawnLines > 0) {
            frame.append("\u001b[").append(drawnLines).append("A\r");
        }
        for (String line : shown) {
            frame.append(line).append("\u001b[K\n");
        }
        frame.append("\u001b[J");
        terminal.out().print(frame);
        terminal.out().flush();
        drawnLines = shown.size();
    }

    /** Writes a line that stays, above what is drawn next. */
    public void above(String line) {
        draw(List.of());
        terminal.out().println(line);
    }

    /** Cut to the width, or a wrapped line would throw the next drawing off. Escape sequences take no room. */
    public String fit(String line) {
        StringBuilder shown = new StringBuilder();
        int width = 0;
        for (int i = 0; i < line.length() && width < terminal.columns() - 1; i++) {
            if (line.charAt(i) == '\u001b') {
                int end = line.indexOf('m', i);
                if (end < 0) {
                    break; // no sequence of ours
                }
                shown.append(line, i, end + 1);
                i = end;
            } else {
                shown.append(line.charAt(i));
                width++;
            }
        }
        return shown.toString();
    }
}

package dev.freshet.deploy.terminal;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * What is known of where the output goes. The launch script asks the system and passes the answers on, as Java cannot tell a terminal from a
 * pipe on every version.
 *
 * @param out where progress goes: standard error, so that standard output holds results only
 * @param live whether a person watches: lines may be written over
 * @param color whether colour may be used (NO_COLOR, https://no-color.org)
 * @param columns width
 * @param rows height
 * @param blocks whether block characters can be shown
 */
public record Terminal(PrintStream out, boolean live, boolean color, int columns, int rows, boolean blocks) {
    private static final int DEFAULT_COLUMNS = 100;
    private static final int DEFAULT_ROWS = 24;

    /** A live table needs so much; below it plain lines wrap without harm. */
    private static final int LEAST_COLUMNS = 60;

    public static Terminal ofProcess() {
        int columns = Integer.getInteger("freshet.columns", DEFAULT_COLUMNS);
        boolean live = Boolean.getBoolean("freshet.terminal")
                && !"dumb".equals(System.getenv("TERM"))
                && columns >= LEAST_COLUMNS;
        boolean color = live && colorWanted();
        int rows = Integer.getInteger("freshet.rows", DEFAULT_ROWS);
        boolean blocks = StandardCharsets.UTF_8.equals(Charset.defaultCharset());
        return new Terminal(System.err, live, color, columns, rows, blocks);
    }

    /** Standard output, for a command whose result is drawn over and over. */
    public static Terminal ofStdout() {
        Terminal terminal = ofProcess();
        boolean live = terminal.live() && Boolean.getBoolean("freshet.terminal.stdout");
        return new Terminal(
                System.out, live, live && colorWanted(), terminal.columns(), terminal.rows(), terminal.blocks());
    }

    /** Whether what goes to standard output may be coloured. */
    public static boolean colorOnStdout() {
        return Boolean.getBoolean("freshet.terminal.stdout") && colorWanted();
    }

    private static boolean colorWanted() {
        String noColor = System.getenv("NO_COLOR");
        return noColor == null || noColor.isEmpty();
    }

    String bold(String text) {
        return color ? "\u001b[1m" + text + "\u001b[0m" : text;
    }

    String red(String text) {
        return color ? "\u001b[31m" + text + "\u001b[0m" : text;
    }

    String dim(String text) {
        return color ? "\u001b[2m" + text + "\u001b[0m" : text;
    }
}

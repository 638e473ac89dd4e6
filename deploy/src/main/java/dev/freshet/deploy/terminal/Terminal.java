package dev.freshet.deploy.terminal;

import java.io.PrintStream;

/**
 * What is known of where the output goes. The launch script asks the system and passes the answers on, as Java cannot tell a terminal from a
 * pipe on every version.
 *
 * @param out where progress goes: standard error, so that standard output holds results only
 * @param live whether a person watches: lines may be written over
 * @param color whether colour may be used (NO_COLOR, https://no-color.org)
 * @param columns width
 */
public record Terminal(PrintStream out, boolean live, boolean color, int columns) {
    private static final int DEFAULT_COLUMNS = 100;

    public static Terminal ofProcess() {
        boolean live = Boolean.getBoolean("freshet.terminal") && !"dumb".equals(System.getenv("TERM"));
        String noColor = System.getenv("NO_COLOR");
        boolean color = live && (noColor == null || noColor.isEmpty());
        return new Terminal(
                System.err, live, color, Math.max(60, Integer.getInteger("freshet.columns", DEFAULT_COLUMNS)));
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

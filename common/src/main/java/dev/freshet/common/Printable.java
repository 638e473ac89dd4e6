package dev.freshet.common;

import java.util.regex.Pattern;

/** Text of somebody else as it may be shown: one line, that says nothing to a terminal and has an end. */
public final class Printable {
    /** What would break the line, or talk to the terminal. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

    private Printable() {}

    /** @param maxCharacters what is longer is cut */
    public static String line(String text, int maxCharacters) {
        return CONTROL.matcher(text.length() > maxCharacters ? text.substring(0, maxCharacters) : text)
                .replaceAll(" ");
    }
}

package dev.freshet.common;

import java.util.regex.Pattern;

/**
 * Input from a person that breaks a rule. The message is one line that names the option or key, the rule and the value; it is shown as it
 * stands, without a stack trace, and ends the command with exit code 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What would break the line, or talk to the terminal. */
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");

    public InputException(String message) {
        super(oneLine(message));
    }

    public InputException(String message, Throwable cause) {
        super(oneLine(message), cause);
    }

    private static String oneLine(String message) {
        return CONTROL.matcher(message).replaceAll(" ");
    }
}

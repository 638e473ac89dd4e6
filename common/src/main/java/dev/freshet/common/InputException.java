package dev.freshet.common;

/**
 * Input from a person that breaks a rule. The message is one line that names the option or key, the rule and the value; it is shown as it
 * stands, without a stack trace, and ends the command with exit code 2.
 */
public final class InputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}

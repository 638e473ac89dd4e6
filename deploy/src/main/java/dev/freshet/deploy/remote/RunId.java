package dev.freshet.deploy.remote;

import dev.freshet.common.InputException;
import java.util.regex.Pattern;

/** A run's name at its coordinator, and here of a directory: nothing that would be another path. */
final class RunId {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,200}");

    private RunId() {}

    /** @throws InputException if it cannot be one */
    static String require(String text) {
        if (!FORM.matcher(text).matches()) {
            throw new InputException("'" + text + "' is not the id of a run (example: 20261123T170102Z-night)");
        }
        return text;
    }
}

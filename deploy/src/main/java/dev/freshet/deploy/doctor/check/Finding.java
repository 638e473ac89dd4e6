package dev.freshet.deploy.doctor.check;

import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What one check found. It may come from another host: what would talk to a terminal is taken out.
 *
 * @param check the check's name, such as {@code socket-buffers}
 * @param text what was found and what is wanted, one line
 * @param remedy the commands that mend it, one a line, to be run by a person; none where there is nothing to mend
 */
public record Finding(Level level, String check, String text, List<String> remedy) {
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]+");

    public Finding {
        Objects.requireNonNull(level, "level");
        check = plain(check);
        text = plain(text);
        remedy = remedy.stream().map(Finding::plain).toList();
    }

    private static String plain(String text) {
        return CONTROL.matcher(text).replaceAll(" ");
    }

    static Finding ok(String check, String text) {
        return new Finding(Level.OK, check, text, List.of());
    }

    static Finding note(String check, String text, String... remedy) {
        return new Finding(Level.NOTE, check, text, List.of(remedy));
    }

    static Finding unknown(String check, String text, String... remedy) {
        return new Finding(Level.UNKNOWN, check, text, List.of(remedy));
    }

    static Finding warning(String check, String text, String... remedy) {
        return new Finding(Level.WARNING, check, text, List.of(remedy));
    }

    static Finding failure(String check, String text, String... remedy) {
        return new Finding(Level.FAILURE, check, text, List.of(remedy));
    }
}

package dev.freshet.common.plan;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.freshet.common.InputException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which of the answered messages get a row in the measurement file ({@code measure} in a plan). Histograms and counts have all of them, whatever
 * this says.
 *
 * @param every each message whose number this divides; 1 for all, 0 for none
 */
public record Measure(int every) {
    public static final Measure ALL = new Measure(1);
    public static final Measure NONE = new Measure(0);

    private static final int RAREST = 1_000_000_000;
    private static final Pattern SHARE = Pattern.compile("1/([0-9]{1,10})");

    public Measure {
        if (every < 0 || every > RAREST) {
            throw new IllegalArgumentException("every " + every);
        }
    }

    /**
     * Reads {@code all}, {@code 1/N} or {@code none}.
     *
     * @param what the option or key the text came from, for the error
     * @throws InputException if it is none of these
     */
    public static Measure parse(String what, String text) {
        String word = text.strip();
        if (word.equals("all")) {
            return ALL;
        }
        if (word.equals("none")) {
            return NONE;
        }
        Matcher share = SHARE.matcher(word);
        long every = share.matches() ? Long.parseLong(share.group(1)) : 0;
        if (every < 1 || every > RAREST) {
            throw new InputException(what + ": '" + text + "' is not all, none, or 1/N with N from 1 to " + RAREST);
        }
        return new Measure((int) every);
    }

    @JsonCreator
    static Measure of(String text) {
        return parse("measure", text);
    }

    /** Whether the message of that number gets a row. */
    public boolean takes(long seq) {
        return every == 1 || every > 0 && seq % every == 0;
    }

    /** As {@link #parse} reads it. */
    @Override
    @JsonValue
    public String toString() {
        return every == 0 ? "none" : every == 1 ? "all" : "1/" + every;
    }
}

package dev.freshet.common.plan;

import java.util.regex.Pattern;

/** What an agent may be called: its name becomes a directory in the results and the producer's token in {@code msg_id}. */
public final class AgentName {
    /** The rule in words, for the error of whoever breaks it. */
    public static final String RULE =
            "letters, digits, '.', '_', '-', a letter or digit first; at most 32; not 'total', which stands for the whole fleet";

    private static final String RESERVED = "total";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");

    private AgentName() {}

    public static boolean isValid(String name) {
        return NAME.matcher(name).matches() && !name.equals(RESERVED);
    }
}

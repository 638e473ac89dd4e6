package dev.freshet.common.plan;

import dev.freshet.common.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A consumer that speaks the streaming contract and is none of our agents: nobody launches it, and nobody of ours knows what it received.
 *
 * @param host as the producers' hosts know it
 * @param vizPort where it publishes its answers
 */
public record ExternalConsumer(String host, int vizPort) {
    /** The contract's. */
    private static final int VIZ_PORT = 5556;

    private static final Pattern FORM = Pattern.compile("([A-Za-z0-9][A-Za-z0-9_.-]{0,252})(?::([0-9]{1,5}))?");

    /**
     * Reads {@code HOST} or {@code HOST:PORT}, one or several with commas between them.
     *
     * @param what the option or key the text came from, for the error
     * @throws InputException if it is none of that
     */
    static List<ExternalConsumer> parse(String what, String text) {
        return Arrays.stream(text.split(",", -1))
                .map(part -> one(what, part.strip()))
                .toList();
    }

    private static ExternalConsumer one(String what, String text) {
        Matcher form = FORM.matcher(text);
        if (form.matches()) {
            int port = form.group(2) == null ? VIZ_PORT : Integer.parseInt(form.group(2));
            if (port >= 1 && port <= 65535) {
                return new ExternalConsumer(form.group(1), port);
            }
        }
        throw new InputException(
                what + ": '" + text + "' is not an external consumer (HOST or HOST:PORT, the port from 1 to 65535)");
    }

    /** Where its answers come from. */
    public String endpoint() {
        return "tcp://" + this;
    }

    /** {@code HOST:PORT}. */
    @Override
    public String toString() {
        return host + ":" + vizPort;
    }
}

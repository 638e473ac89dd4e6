package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** An agent's key as a launcher hands it over: on standard input, so that it stands on no command line and in no file. */
final class KeyInput {
    private static final int MAX_BYTES = 4096;

    private KeyInput() {}

    /**
     * Reads lines up to an empty one or the end, and not a byte more: what comes after them is for another reader.
     *
     * @throws InputException if there are more than 4096 bytes before that
     */
    static List<String> read(InputStream input) {
        List<String> lines = new ArrayList<>();
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            for (int count = 0; count < MAX_BYTES; count++) {
                int next = input.read();
                if (next >= 0 && next != '\n') {
                    line.write(next);
                    continue;
                }
                String text = line.toString(StandardCharsets.UTF_8).strip();
                line.reset();
                if (!text.isEmpty()) {
                    lines.add(text);
                }
                if (next < 0 || text.isEmpty()) {
                    return lines;
                }
            }
        } catch (IOException e) {
            throw new InputException("--key: standard input cannot be read (" + e.getMessage() + ")", e);
        }
        throw new InputException("--key: no empty line ends the key within " + MAX_BYTES + " bytes of standard input");
    }
}

package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** The lines of a key file: {@code word value}, each word once; empty lines and those that begin with {@code #} are passed over. */
final class KeyLines {
    private final String source;
    private final Map<String, String> values;

    private KeyLines(String source, Map<String, String> values) {
        this.source = source;
        this.values = values;
    }

    /** @throws InputException naming source and line, if a word is unknown, there twice, without a value, or missing */
    static KeyLines of(String source, List<String> lines, String... words) {
        Set<String> known = Set.of(words);
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = source + " line " + (i + 1) + ": ";
            String[] parts = line.split("\\s+");
            if (!known.contains(parts[0])) { // not shown: it may be a key
                throw new InputException(where + "a line begins with one of " + String.join(", ", words));
            }
            if (parts.length != 2) {
                throw new InputException(where + "'" + parts[0] + "' is followed by one value");
            }
            if (values.put(parts[0], parts[1]) != null) {
                throw new InputException(where + "'" + parts[0] + "' is there twice");
            }
        }
        for (String word : words) {
            if (!values.containsKey(word)) {
                throw new InputException(source + ": no line begins with '" + word + "'");
            }
        }
        return new KeyLines(source, values);
    }

    String value(String word) {
        return values.get(word);
    }

    /** What {@code maker} makes of the values; its errors get the name of the source. */
    <T> T build(Supplier<T> maker) {
        try {
            return maker.get();
        } catch (InputException e) {
            throw new InputException(source + ": " + e.getMessage(), e);
        }
    }
}

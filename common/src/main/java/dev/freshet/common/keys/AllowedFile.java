package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.AgentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The allow-list of a key directory, lines {@code <agent's public key> <name>}. Looked at again at most once a second when it is asked, so that
 * agents can be added to and removed from a coordinator that stands. A list that cannot be read any more changes nothing but the log: a slip
 * of an editor must not end a run.
 */
final class AllowedFile implements AllowList {
    private static final long LOOK_NANOS = 1_000_000_000L;
    private static final System.Logger LOG = System.getLogger(AllowedFile.class.getName());

    private final Path file;
    private final LongSupplier nanoTime;
    private Map<String, String> agents;
    private Object version;
    private long lookedNanos;

    /** @throws InputException if it cannot be read, or is not an allow-list */
    AllowedFile(Path file, LongSupplier nanoTime) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.lookedNanos = nanoTime.getAsLong();
        this.version = versionNow();
        this.agents = read(file);
    }

    @Override
    public synchronized String agentOf(String publicKey) {
        long now = nanoTime.getAsLong();
        if (now - lookedNanos >= LOOK_NANOS) {
            lookedNanos = now;
            lookAgain();
        }
        return agents.get(publicKey);
    }

    private void lookAgain() {
        Object found = versionNow();
        if (found.equals(version)) {
            return;
        }
        version = found; // before reading: one that changes meanwhile is read once more
        try {
            agents = read(file);
            LOG.log(System.Logger.Level.INFO, "{0} was read again: {1} agents are allowed", file, agents.size());
        } catch (InputException e) {
            LOG.log(System.Logger.Level.WARNING, "the allow-list stays as it was: {0}", e.getMessage());
        }
    }

    private Object versionNow() {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(found.lastModifiedTime(), found.size(), String.valueOf(found.fileKey()));
        } catch (IOException e) {
            return "unreadable";
        }
    }

    /** Agents by public key, in the order of the file. */
    static Map<String, String> read(Path file) {
        Map<String, String> agents = new LinkedHashMap<>();
        Set<String> names = new HashSet<>();
        List<String> lines = SecretFile.read(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = file + " line " + (i + 1) + ": ";
            String[] parts = line.split("\\s+");
            if (parts.length != 2) {
                throw new InputException(where + "a line is an agent's public key and its name");
            }
            try {
                KeyPair.check("line", parts[0]);
            } catch (InputException e) {
                throw new InputException(where + "begins with no public key (40 characters of Z85)", e);
            }
            if (!AgentName.isValid(parts[1])) {
                throw new InputException(where + "'" + parts[1] + "' is not an agent's name (" + AgentName.RULE + ")");
            }
            if (!names.add(parts[1])) {
                throw new InputException(where + "the name '" + parts[1] + "' is there twice");
            }
            if (agents.put(parts[0], parts[1]) != null) {
                throw new InputException(where + "the key of '" + parts[1] + "' is there twice");
            }
        }
        return agents;
    }

    static String text(Map<String, String> agents) {
        StringBuilder text = new StringBuilder("# Who may join: an agent's public key, and its name.\n");
        agents.forEach((key, name) -> text.append(key).append(' ').append(name).append('\n'));
        return text.toString();
    }
}

package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.AgentName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The keys of a standing fleet, as files:
 *
 * <pre>
 * coordinator.key      the coordinator's pair
 * allowed              who may join: a public key and a name on each line
 * agents/NAME.key      what agent NAME is given
 * </pre>
 */
public final class KeyDirectory {
    private final Path directory;
    private final Path coordinatorFile;
    private final Path allowedFile;
    private final Path agentsDirectory;

    public KeyDirectory(Path directory) {
        this.directory = directory;
        this.coordinatorFile = directory.resolve("coordinator.key");
        this.allowedFile = directory.resolve("allowed");
        this.agentsDirectory = directory.resolve("agents");
    }

    /** The file that an agent is given. */
    public Path agentFile(String name) {
        return agentsDirectory.resolve(checked(name) + ".key");
    }

    public boolean exists() {
        return Files.exists(coordinatorFile, LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * The coordinator's side; its allow-list follows the file.
     *
     * @throws InputException if a file is missing, readable by others, or not what it should be
     */
    public CoordinatorKeys read() {
        if (!exists()) {
            throw new InputException("--keys: " + directory
                    + " has no coordinator.key; make one with: freshet keys --out " + directory + " NAME...");
        }
        return new CoordinatorKeys(readPair(), new AllowedFile(allowedFile, System::nanoTime));
    }

    private KeyPair readPair() {
        KeyLines words = KeyLines.of(coordinatorFile.toString(), SecretFile.read(coordinatorFile), "secret", "public");
        return words.build(() -> new KeyPair(words.value("public"), words.value("secret")));
    }

    /**
     * Makes a key for each of the agents, and the directory and the coordinator's key if they are not there.
     *
     * @param generator makes a new pair at each call
     * @throws InputException if a name is none, or has a key already; nothing is made then
     */
    public void add(List<String> names, Supplier<KeyPair> generator) {
        Map<String, String> allowed = exists() ? AllowedFile.read(allowedFile) : new LinkedHashMap<>();
        Set<String> taken = new HashSet<>(allowed.values());
        for (String name : names) {
            if (!taken.add(checked(name)) || Files.exists(agentFile(name), LinkOption.NOFOLLOW_LINKS)) {
                throw new InputException("agent '" + name + "' has a key in " + directory
                        + " already, or is named twice;" + " --remove " + name + " ends what it has");
            }
        }
        SecretFile.directory(directory);
        SecretFile.directory(agentsDirectory);
        if (!exists()) {
            KeyPair made = generator.get();
            SecretFile.replace(
                    allowedFile, AllowedFile.text(allowed)); // before the key: an interruption leaves no half of a pair
            SecretFile.create(
                    coordinatorFile,
                    "# The coordinator's key: keep it secret.\nsecret " + made.secretKey() + "\npublic "
                            + made.publicKey() + "\n");
        }
        KeyPair coordinator = readPair();
        for (String name : names) {
            AgentKey key = new AgentKey(name, generator.get(), coordinator.publicKey());
            SecretFile.create(agentFile(name), key.text());
            allowed.put(key.pair().publicKey(), name);
        }
        SecretFile.replace(allowedFile, AllowedFile.text(allowed));
    }

    /**
     * Takes agents off the allow-list and deletes their key files.
     *
     * @throws InputException if one is not on the list; nothing is removed then
     */
    public void remove(List<String> names) {
        read();
        Map<String, String> allowed = AllowedFile.read(allowedFile);
        for (String name : names) {
            if (!allowed.containsValue(name) && !Files.exists(agentFile(name), LinkOption.NOFOLLOW_LINKS)) {
                throw new InputException("--remove: agent '" + name + "' has no key in " + directory);
            }
        }
        allowed.values().removeAll(names);
        SecretFile.replace(allowedFile, AllowedFile.text(allowed)); // first: from now on the key is worth nothing
        for (String name : names) {
            try {
                Files.deleteIfExists(agentFile(name));
            } catch (IOException e) {
                throw new InputException(agentFile(name) + ": cannot be deleted (" + e.getMessage() + ")", e);
            }
        }
    }

    private static String checked(String name) {
        if (!AgentName.isValid(name)) {
            throw new InputException("'" + name + "' is not an agent's name (" + AgentName.RULE + ")");
        }
        return name;
    }
}

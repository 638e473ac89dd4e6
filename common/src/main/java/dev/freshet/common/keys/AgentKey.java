package dev.freshet.common.keys;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.AgentName;
import java.nio.file.Path;
import java.util.List;

/**
 * What an agent needs to join a fleet with keys.
 *
 * @param agent the name that the key is bound to
 * @param pair its own keys
 * @param coordinator the public key of the coordinator that it joins: nobody else can pose as it
 */
public record AgentKey(String agent, KeyPair pair, String coordinator) {
    /** @throws InputException if the name or a key is none */
    public AgentKey {
        if (!AgentName.isValid(agent)) {
            throw new InputException("'" + agent + "' is not an agent's name (" + AgentName.RULE + ")");
        }
        KeyPair.check("coordinator", coordinator);
    }

    /**
     * Reads a key file.
     *
     * @throws InputException if it cannot be read, others may read it too, or it is not an agent's key
     */
    public static AgentKey read(Path file) {
        return parse(file.toString(), SecretFile.read(file));
    }

    /**
     * Reads the lines of a key file.
     *
     * @param source where they come from, for errors
     * @throws InputException if they are not an agent's key
     */
    public static AgentKey parse(String source, List<String> lines) {
        KeyLines words = KeyLines.of(source, lines, "agent", "secret", "public", "coordinator");
        return words.build(() -> new AgentKey(
                words.value("agent"),
                new KeyPair(words.value("public"), words.value("secret")),
                words.value("coordinator")));
    }

    /** The content of a key file; ends with a line break. */
    public String text() {
        return "# The key of agent " + agent + ". Whoever has it is that agent: keep it secret.\n"
                + "agent " + agent + "\n"
                + "secret " + pair.secretKey() + "\n"
                + "public " + pair.publicKey() + "\n"
                + "coordinator " + coordinator + "\n";
    }
}

package dev.freshet.agent.session;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Interface;
import dev.freshet.common.plan.Role;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Who an agent is, for as long as its process lives.
 *
 * @param name in the fleet; it becomes a directory in the results and the producer's token in {@code msg_id}
 * @param network the interface it is bound to
 * @param incarnation drawn at each start
 */
public record AgentIdentity(
        String name,
        Role role,
        String host,
        Map<String, String> labels,
        Interface network,
        String version,
        String incarnation) {
    private static final String RESERVED = "total";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,31}");

    public AgentIdentity {
        if (!NAME.matcher(name).matches()) {
            throw new InputException(
                    "--name: '" + name + "' is not an agent's name (letters, digits, '.', '_', '-'; at most 32)");
        }
        if (name.equals(RESERVED)) {
            throw new InputException("--name: '" + RESERVED + "' stands for the whole fleet in the results");
        }
        labels = Map.copyOf(labels);
    }

    /** A new incarnation, drawn at random. */
    public static String newIncarnation() {
        return Long.toHexString(new SecureRandom().nextLong());
    }

    Hello hello(String runInProgress) {
        return new Hello(
                name,
                incarnation,
                host,
                ProcessHandle.current().pid(),
                version,
                role,
                labels,
                List.of(network),
                Runtime.getRuntime().availableProcessors(),
                runInProgress);
    }
}

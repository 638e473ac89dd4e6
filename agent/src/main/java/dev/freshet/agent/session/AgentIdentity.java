package dev.freshet.agent.session;

import dev.freshet.common.InputException;
import dev.freshet.common.control.ToCoordinator.Hello;
import dev.freshet.common.control.ToCoordinator.Interface;
import dev.freshet.common.plan.AgentName;
import dev.freshet.common.plan.Role;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

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
    public AgentIdentity {
        if (!AgentName.isValid(name)) {
            throw new InputException("--name: '" + name + "' is not an agent's name (" + AgentName.RULE + ")");
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

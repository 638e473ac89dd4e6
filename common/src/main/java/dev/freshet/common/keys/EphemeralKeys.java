package dev.freshet.common.keys;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Keys for one run, which are never in a file: a coordinator's, and one for each agent that it launches. */
public final class EphemeralKeys {
    private final Supplier<KeyPair> generator;
    private final Map<String, String> allowed = new ConcurrentHashMap<>();
    private final CoordinatorKeys coordinator;

    /** @param generator makes a new pair at each call */
    public EphemeralKeys(Supplier<KeyPair> generator) {
        this.generator = generator;
        this.coordinator = new CoordinatorKeys(generator.get(), allowed::get);
    }

    /** The coordinator's side. */
    public CoordinatorKeys coordinator() {
        return coordinator;
    }

    /** A new key for an agent, which may join with it from now on; from any thread. */
    public AgentKey issue(String agent) {
        AgentKey key = new AgentKey(agent, generator.get(), coordinator.pair().publicKey());
        allowed.put(key.pair().publicKey(), agent);
        return key;
    }
}

package dev.freshet.coordinator.channel;

import dev.freshet.common.zmq.Gate;
import java.nio.charset.StandardCharsets;

/**
 * Where an agent's connection is reached, and whose it is. Two messages with equal addresses came from the same agent: with keys, an identity
 * that another one has chosen too makes no equal address.
 *
 * @param identity the connection's ZeroMQ identity, one character for each byte; chosen by the other side, so it is compared and never trusted
 * @param host the address it connected from
 * @param agent the agent that its key is bound to; null on a channel without keys
 */
public record AgentAddress(String identity, String host, String agent) {
    static AgentAddress of(byte[] identity, Gate.Caller caller, String agent) {
        return new AgentAddress(new String(identity, StandardCharsets.ISO_8859_1), caller.host(), agent);
    }

    byte[] bytes() {
        return identity.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Fit for a log, whoever chose it. */
    @Override
    public String toString() {
        return identity.substring(0, Math.min(identity.length(), 64)).replaceAll("[^ -~]", "?") + " at " + host;
    }
}

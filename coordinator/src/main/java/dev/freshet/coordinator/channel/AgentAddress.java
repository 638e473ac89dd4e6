package dev.freshet.coordinator.channel;

import java.nio.charset.StandardCharsets;

/**
 * Where an agent's connection is reached: its ZeroMQ identity. Chosen by the other side, so it is compared and never trusted.
 *
 * @param identity the identity's bytes, one character each
 */
public record AgentAddress(String identity) {
    static AgentAddress of(byte[] identity) {
        return new AgentAddress(new String(identity, StandardCharsets.ISO_8859_1));
    }

    byte[] bytes() {
        return identity.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Fit for a log, whoever chose it. */
    @Override
    public String toString() {
        return identity.substring(0, Math.min(identity.length(), 64)).replaceAll("[^ -~]", "?");
    }
}

package dev.freshet.common.plan;

/**
 * What a producer publishes its messages with ({@code engine} in a plan). On the wire both are the same. Receiving them, and answers either
 * way, are always {@link #DIRECT}'s.
 */
public enum Engine {
    /** Our own ZMTP 3.1 on plain channels, for the few kinds of sockets that the streaming contract needs. */
    DIRECT,
    /** JeroMQ, the reference. */
    JEROMQ;

    public static Engine parse(String what, String text) {
        return Words.parse(Engine.class, what, text);
    }

    @Override
    public String toString() {
        return Words.of(this);
    }
}

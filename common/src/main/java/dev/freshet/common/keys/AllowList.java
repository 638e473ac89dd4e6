package dev.freshet.common.keys;

/** Which keys may join, and under which name. Asked for each connection and each message, from the control channel's thread. */
public interface AllowList {
    /** The agent that a public key (Z85) belongs to, or null if it is not on the list. */
    String agentOf(String publicKey);
}

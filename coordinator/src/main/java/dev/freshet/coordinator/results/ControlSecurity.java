package dev.freshet.coordinator.results;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** What keeps strangers off the control channel of a run. */
public enum ControlSecurity {
    /** Keys: only agents on the allow-list, and nobody listens in. */
    KEYS,
    /** No keys, but nobody on another host can reach it. */
    LOOPBACK,
    /** Nothing: whoever reaches it can join, and give or read orders on the way. */
    NONE;

    /** @param address that the channel is bound to */
    public static ControlSecurity of(boolean keys, String address) {
        if (keys) {
            return KEYS;
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress() ? LOOPBACK : NONE;
        } catch (UnknownHostException e) {
            return NONE;
        }
    }
}

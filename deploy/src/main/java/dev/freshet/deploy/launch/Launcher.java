package dev.freshet.deploy.launch;

import dev.freshet.common.plan.Role;

/** Starts agents somewhere: each way to do that is one class behind this. */
public interface Launcher extends AutoCloseable {
    /**
     * Starts one agent and returns at once; that it works shows when it joins the fleet.
     *
     * @throws dev.freshet.common.InputException if it cannot even be started; the message says why
     */
    LaunchedAgent start(Request request);

    /** Removes what was made on the way; when its agents have been stopped. */
    @Override
    default void close() {}

    /**
     * @param name the agent's name in the fleet
     * @param interfaceName name or address of the interface that it binds; null lets the agent choose
     * @param key the content of its key file, or null on a channel without keys
     * @param needs what its shard needs
     */
    record Request(String name, Role role, String interfaceName, String key, AgentNeeds needs) {
        /** A key is for one pair of eyes. */
        @Override
        public String toString() {
            return role + " " + name;
        }
    }

    /** One agent that was started. */
    interface LaunchedAgent {
        String name();

        /** The last thing that it or its launcher said, or null. */
        String lastLine();

        /** Why it ended, with its last words; to be asked when it has. */
        String obituary();

        /** Calls back once when it ends; at once if it has. */
        void onEnd(Runnable callback);

        /** Ends it, kindly first, within twice {@code millis}; returns when it is gone. */
        void stop(long millis);
    }
}

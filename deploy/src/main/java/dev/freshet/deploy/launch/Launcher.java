package dev.freshet.deploy.launch;

import dev.freshet.common.plan.Role;
import java.nio.file.Path;

/** Starts agents somewhere. */
public interface Launcher {
    /**
     * Starts one agent and returns at once; that it works shows when it joins the fleet.
     *
     * @throws dev.freshet.common.InputException if it cannot even be started; the message says why
     */
    LaunchedAgent start(Request request);

    /**
     * @param name the agent's name in the fleet
     * @param coordinator what it dials, {@code tcp://host:port}
     * @param interfaceName what it binds; null for loopback
     * @param spool where it keeps recordings until they are collected
     * @param memory what its shard needs
     * @param messagesPerSecond what it will send or receive
     */
    record Request(
            String name,
            Role role,
            String coordinator,
            String interfaceName,
            Path spool,
            Memory memory,
            double messagesPerSecond) {}

    /**
     * @param heapBytes the largest Java heap
     * @param directBytes the most that message buffers may take
     */
    record Memory(long heapBytes, long directBytes) {}

    /** One agent that was started. */
    interface LaunchedAgent {
        String name();

        /** Why it ended, with its last words; to be asked when it has. */
        String obituary();

        /** Calls back once when it ends; at once if it has. */
        void onEnd(Runnable callback);

        /** Ends it, kindly first, within {@code millis}; returns when it is gone. */
        void stop(long millis);
    }
}

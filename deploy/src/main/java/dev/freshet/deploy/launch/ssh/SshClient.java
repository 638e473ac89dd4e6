package dev.freshet.deploy.launch.ssh;

import dev.freshet.deploy.launch.Commands;
import dev.freshet.deploy.launch.Commands.Result;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The system's OpenSSH client, so that the user's own configuration, agent, jump hosts and known hosts hold. It never asks anything: there is
 * nobody to answer for sixteen hosts at once.
 */
final class SshClient {
    private static final int CONNECT_SECONDS = 8;

    private final Commands commands = new Commands();

    /** The command line that runs a POSIX shell script on a host, whatever the login shell there is. */
    List<String> command(String host, String script) {
        List<String> command = new ArrayList<>(List.of("ssh", "-T"));
        for (String option : List.of(
                "BatchMode=yes",
                "ConnectTimeout=" + CONNECT_SECONDS,
                "ServerAliveInterval=2",
                "ServerAliveCountMax=3",
                "ClearAllForwardings=yes")) {
            command.addAll(List.of("-o", option));
        }
        command.add(host);
        // csh and tcsh end a quoted word with its line
        command.add("sh -c " + quoted(script.strip().replace("\n", "; ")));
        return command;
    }

    /** One word of a POSIX shell. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    /**
     * Runs a script on a host and waits for its end.
     *
     * @param input its standard input, or null for none
     * @throws IOException if it does not end within {@code limit}, or was cancelled
     */
    Result run(String host, String script, Path input, Duration limit) throws IOException, InterruptedException {
        return commands.run(command(host, script), input, limit);
    }

    /** Ends what is being waited for; from any thread. */
    void cancel() {
        commands.cancel();
    }
}

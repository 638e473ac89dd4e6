package dev.freshet.deploy.launch.ssh;

import static dev.freshet.deploy.launch.ssh.SshClient.quoted;

import dev.freshet.deploy.launch.Commands.Result;
import dev.freshet.deploy.launch.Distribution;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Makes hosts ready: reaches each, copies the distribution where it is not there yet, and sees that it runs. */
final class HostInstaller implements AutoCloseable {
    private static final Duration PROBE = Duration.ofSeconds(12);
    private static final Duration COPY = Duration.ofMinutes(5);
    private static final Duration PREPARE = Duration.ofSeconds(60);

    private final SshClient ssh;
    private final Distribution distribution;
    private final String checksum;

    HostInstaller(SshClient ssh, Distribution distribution) {
        this.ssh = ssh;
        this.distribution = distribution;
        this.checksum = distribution.checksum();
    }

    /**
     * Makes one ready; from any thread.
     *
     * @param say takes a line for a person
     * @throws IOException if it cannot be used; the message says why
     */
    InstalledHost install(String host, Consumer<String> say) throws IOException, InterruptedException {
        Map<String, String> found = probe(host);
        boolean copy = !found.getOrDefault("state", "").equals("present");
        String home = found.get("home");
        if (copy) {
            say.accept(host + ": copying the distribution");
            copy(host, home);
        }
        prepare(host, home);
        return new InstalledHost(host, home, found.getOrDefault("client", ""));
    }

    private Map<String, String> probe(String host) throws IOException, InterruptedException {
        Result result = ssh.run(host, """
                home=${XDG_CACHE_HOME:-$HOME/.cache}/freshet/%s
                echo "home $home"
                [ -e "$home/.whole" ] && echo "state present"
                echo "client ${SSH_CONNECTION%%%% *}"
                """.formatted(checksum), null, PROBE);
        if (!result.isDone()) {
            throw new IOException(result.complaint("it did not answer as a POSIX shell would"));
        }
        Map<String, String> found = new LinkedHashMap<>();
        result.out()
                .lines()
                .map(line -> line.split(" ", 2))
                .filter(words -> words.length == 2)
                .forEach(words -> found.put(words[0], words[1]));
        if (!found.getOrDefault("home", "").startsWith("/")) {
            throw new IOException("it did not answer as a POSIX shell would");
        }
        return found;
    }

    /** It appears whole or not at all, also if two of us, or two hosts with one home directory, do it at once. */
    private void copy(String host, String home) throws IOException, InterruptedException {
        Result result = ssh.run(host, """
                set -eu
                umask 022
                home=%s
                mkdir -p "${home%%/*}"
                part=$(mktemp -d "$home.XXXXXX")
                trap 'rm -rf "$part"' EXIT
                tar -xzof - -C "$part"
                : >"$part/.whole"
                chmod 755 "$part"
                mv -T "$part" "$home" 2>/dev/null || [ -e "$home/.whole" ]
                """.formatted(quoted(home)), distribution.archive(), COPY);
        if (!result.isDone()) {
            throw new IOException("the distribution could not be copied to " + home + ": "
                    + result.complaint("status " + result.status()));
        }
    }

    /** Sees that there is a Java that runs it, and readies it for fast starts. */
    private void prepare(String host, String home) throws IOException, InterruptedException {
        Result result = ssh.run(host, quoted(home + "/bin/freshet") + " prepare", null, PREPARE);
        if (!result.isDone()) {
            throw new IOException(result.complaint("the distribution does not run")
                    + " (if its copy is damaged, this has it made again: ssh " + host + " rm -r " + home + ")");
        }
    }

    @Override
    public void close() {
        distribution.close();
    }
}

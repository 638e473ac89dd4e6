package dev.freshet.deploy.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** A way to other hosts: makes them ready, and gives each its launcher. */
public interface HostAccess extends AutoCloseable {
    /** For a fleet that is all on this machine. */
    HostAccess NONE = new HostAccess() {
        @Override
        public void prepare(Collection<String> hosts, Consumer<String> say) {
            // there is none
        }

        @Override
        public String freshet(String host, List<String> arguments, Duration limit) {
            throw new IllegalStateException("there is no way to " + host);
        }

        @Override
        public Launcher launcher(String host, String advertised, int controlPort) {
            throw new IllegalStateException("there is no way to " + host);
        }

        @Override
        public void cancel() {
            // nothing is waited for
        }

        @Override
        public void close() {
            // nothing was opened
        }
    };

    /** The hosts that it offers by itself, as an allocation does; none if they have to be named. */
    default List<String> nodes() {
        return List.of();
    }

    /**
     * Makes hosts ready for agents; every one is tried.
     *
     * @param say takes a line for a person, from any thread
     * @throws HostsUnusable if not all can be used
     */
    void prepare(Collection<String> hosts, Consumer<String> say) throws HostsUnusable, InterruptedException;

    /**
     * Runs a {@code freshet} command on a host that is ready, and waits for its end.
     *
     * @return what it said on standard output, whatever its exit code
     * @throws IOException if it cannot be run, or does not end within {@code limit}; the message says why
     */
    String freshet(String host, List<String> arguments, Duration limit) throws IOException, InterruptedException;

    /**
     * What starts agents on a host that is ready.
     *
     * @param advertised this machine's name or address as the hosts are to dial it; null for what they see of it
     * @param controlPort the coordinator's
     */
    Launcher launcher(String host, String advertised, int controlPort);

    /** Ends {@link #prepare} soon; from any thread. */
    void cancel();

    @Override
    void close();
}

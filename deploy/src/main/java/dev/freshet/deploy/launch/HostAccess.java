package dev.freshet.deploy.launch;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A way to other hosts: makes each ready, and gives it its launcher. */
public interface HostAccess extends AutoCloseable {
    /** For a fleet that is all on this machine. */
    HostAccess NONE = new HostAccess() {
        @Override
        public void prepare(String host, Consumer<String> say) {
            throw new IllegalStateException("there is no way to " + host);
        }

        @Override
        public String freshet(String host, List<String> arguments, Duration limit) {
            throw new IllegalStateException("there is no way to " + host);
        }

        @Override
        public String seenFrom(String host) {
            throw new IllegalStateException("there is no way to " + host);
        }

        @Override
        public Launcher launcher(String host, String coordinator) {
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
     * Makes a host ready for agents; from any thread.
     *
     * @param say takes a line for a person
     * @throws IOException if it cannot be used; the message says why
     */
    void prepare(String host, Consumer<String> say) throws IOException, InterruptedException;

    /**
     * Runs a {@code freshet} command on a host that is ready, and waits for its end.
     *
     * @return what it said on standard output, whatever its exit code
     * @throws IOException if it cannot be run, or does not end within {@code limit}; the message says why
     */
    String freshet(String host, List<String> arguments, Duration limit) throws IOException, InterruptedException;

    /** This machine's name or address, as a host that is ready is to dial it. */
    String seenFrom(String host);

    /**
     * What starts agents on a host that is ready.
     *
     * @param coordinator what they dial, {@code tcp://host:port}
     */
    Launcher launcher(String host, String coordinator);

    /** Ends what is being waited for; from any thread. */
    void cancel();

    @Override
    void close();
}

package dev.freshet.coordinator.web;

import dev.freshet.common.keys.AccessToken;
import dev.freshet.common.keys.TlsFiles;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Set;

/**
 * How a coordinator is served over HTTP.
 *
 * @param address a local one
 * @param port 0 takes any free one
 * @param token needed to control runs; null for none, and then control is open on loopback and closed beyond it
 * @param tls null for plain HTTP
 * @param names by which it may be called, besides addresses, {@code localhost} and this machine's own name
 * @param results where runs have their directories
 * @param startsRuns whether runs can be begun; otherwise it carries out one that it was told on the command line
 */
public record WebOptions(
        InetAddress address,
        int port,
        AccessToken token,
        TlsFiles tls,
        Set<String> names,
        Path results,
        boolean startsRuns) {
    public WebOptions {
        names = Set.copyOf(names);
    }

    /** On loopback, any free port, open control: what {@code freshet run} serves. */
    public static WebOptions forOneRun(int port, Path results) {
        return new WebOptions(InetAddress.getLoopbackAddress(), port, null, null, Set.of(), results, false);
    }

    /** What whoever wants to control runs must have. */
    public ControlAccess controlAccess() {
        if (token != null) {
            return ControlAccess.TOKEN;
        }
        return address.isLoopbackAddress() ? ControlAccess.OPEN : ControlAccess.NONE;
    }
}

package dev.freshet.deploy.command;

import dev.freshet.common.HostName;
import dev.freshet.common.InputException;
import dev.freshet.common.keys.AccessToken;
import dev.freshet.common.keys.TlsFiles;
import dev.freshet.coordinator.web.WebOptions;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** How a coordinator is served over HTTP. */
final class WebServing {
    @Option(
            names = "--port",
            order = 28,
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port of page and API (default: ${DEFAULT-VALUE}; 0: any free one).")
    private int port;

    @Option(
            names = "--token-file",
            order = 29,
            paramLabel = "FILE",
            description =
                    "File with the token that whoever begins, stops or changes runs over HTTP must know. Without one that is open on loopback, and closed beyond it.")
    private Path tokenFile;

    @Option(
            names = "--tls-cert",
            order = 30,
            paramLabel = "FILE",
            description = "Certificate chain of page and API (PEM): serves them over HTTPS.")
    private Path certificate;

    @Option(names = "--tls-key", order = 31, paramLabel = "FILE", description = "Its private key (PEM, PKCS#8).")
    private Path key;

    @Option(
            names = "--page-name",
            order = 32,
            paramLabel = "NAME",
            split = ",",
            description = "A name that browsers may call it by, besides its addresses and this machine's own name.")
    private List<String> names = new ArrayList<>();

    /**
     * @param listen the address
     * @param startsRuns whether runs can be begun over HTTP
     * @throws InputException if a file cannot be used, or an option is missing its other half
     */
    WebOptions options(String listen, Path results, boolean startsRuns) {
        if (port < 0 || port > 65535) {
            throw new InputException("--port: " + port + " is not a port (0 to 65535)");
        }
        if ((certificate == null) != (key == null)) {
            throw new InputException(
                    certificate == null
                            ? "--tls-key: needs the certificate as well, --tls-cert"
                            : "--tls-cert: needs its private key as well, --tls-key");
        }
        Set<String> own = new HashSet<>(names);
        own.add(HostName.ofThisMachine());
        WebOptions options = new WebOptions(
                address(listen),
                port,
                tokenFile == null ? null : AccessToken.read(tokenFile),
                certificate == null ? null : TlsFiles.read(certificate, key),
                own,
                results,
                startsRuns);
        if (options.token() != null
                && options.tls() == null
                && !options.address().isLoopbackAddress()) {
            System.err.println(
                    "freshet: the token crosses the network for all to read; --tls-cert and --tls-key would hide it");
        }
        return options;
    }

    private static InetAddress address(String listen) {
        try {
            return InetAddress.getByName(listen);
        } catch (UnknownHostException e) {
            throw new InputException("--listen: '" + listen + "' is not an address of this machine", e);
        }
    }
}

package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.deploy.remote.CoordinatorAddress;
import dev.freshet.deploy.remote.CoordinatorClient;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say whom a command trusts, and how it is known: tokens are in files, as command lines can be seen by everybody. */
final class TrustOptions {
    @Option(
            names = "--token-file",
            order = 61,
            paramLabel = "FILE",
            description = "A file that holds the coordinator's token, if it needs one to be controlled.")
    private Path tokenFile;

    @Option(
            names = "--tls-ca",
            order = 62,
            paramLabel = "FILE",
            description =
                    "The PEM certificate to trust in place of the system's, with https://: the coordinator's, or its authority's.")
    private Path trusted;

    boolean areGiven() {
        return tokenFile != null || trusted != null;
    }

    /** @throws InputException if a file cannot be used, or goes with no such address */
    CoordinatorClient client(CoordinatorAddress address) {
        return new CoordinatorClient(address, tokenFile, trusted);
    }
}

package dev.freshet.deploy.command;

import dev.freshet.deploy.remote.CoordinatorAddress;
import dev.freshet.deploy.remote.CoordinatorClient;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that name a running coordinator. */
final class CoordinatorOptions {
    private static final String VARIABLE = "FRESHET_COORDINATOR";
    private static final String DEFAULT = "http://127.0.0.1:8080";

    @Option(
            names = "--coordinator",
            order = 60,
            paramLabel = "URL",
            description =
                    "The coordinator (default: that of the environment variable " + VARIABLE + ", or " + DEFAULT + ").")
    private String url;

    @Mixin
    private TrustOptions trust;

    /** Whether one was named on the command line. */
    boolean isGiven() {
        return url != null;
    }

    /** @throws dev.freshet.common.InputException if the address is none, or a file cannot be used */
    CoordinatorClient client() {
        String variable = System.getenv(VARIABLE);
        if (url != null) {
            return trust.client(CoordinatorAddress.parse("--coordinator", url));
        }
        return trust.client(
                variable != null && !variable.isBlank()
                        ? CoordinatorAddress.parse(VARIABLE, variable)
                        : CoordinatorAddress.parse("--coordinator", DEFAULT));
    }
}

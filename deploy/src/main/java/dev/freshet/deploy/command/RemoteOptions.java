package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.units.Durations;
import dev.freshet.deploy.remote.CoordinatorAddress;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that have a run carried out by a running coordinator and the agents that stand by it. */
final class RemoteOptions {
    @Option(
            names = "--coordinator",
            order = 60,
            paramLabel = "URL",
            description =
                    "Has the run carried out by the coordinator that is served there, with the agents that stand by it: http://daq1:8080.")
    private String url;

    @Mixin
    private TrustOptions trust;

    @Option(
            names = "--patience",
            order = 63,
            paramLabel = "TIME",
            description = "With --coordinator: how long it may wait for the agents that the plan needs (default: 0s).")
    private String patience;

    /** @throws InputException if there are options without {@code --coordinator} that mean nothing then */
    boolean isWanted() {
        if (url == null && (trust.areGiven() || patience != null)) {
            throw new InputException("--token-file, --tls-ca and --patience: go with --coordinator");
        }
        return url != null;
    }

    /**
     * Carries it out, and returns the exit code.
     *
     * @param out where the result files are to be brought to; null leaves them at the coordinator
     */
    int run(Plan plan, Path out, boolean json) throws Exception {
        return remote().carryOut(plan, gathering(), out, json);
    }

    /** Shows what each agent would do. */
    int rehearse(Plan plan) throws Exception {
        return remote().rehearse(plan, gathering());
    }

    private WatchedRemoteRun remote() {
        return new WatchedRemoteRun(trust.client(CoordinatorAddress.parse("--coordinator", url)));
    }

    private Duration gathering() {
        return patience == null ? Duration.ZERO : Durations.parse("--patience", patience);
    }
}

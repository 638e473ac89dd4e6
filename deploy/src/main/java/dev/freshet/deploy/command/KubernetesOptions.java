package dev.freshet.deploy.command;

import dev.freshet.common.InputException;
import dev.freshet.common.units.Durations;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.deploy.kubernetes.ClusterUnusable;
import dev.freshet.deploy.kubernetes.FetchedRun;
import dev.freshet.deploy.kubernetes.KubernetesRun;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options that have a run carried out on a Kubernetes cluster, the coordinator included. */
final class KubernetesOptions {
    @Option(
            names = "--kubernetes",
            order = 40,
            description =
                    "Carries the run out on a Kubernetes cluster, with pods that it makes and deletes through kubectl.")
    private boolean kubernetes;

    @Option(
            names = "--image",
            order = 41,
            paramLabel = "IMAGE",
            description = "With --kubernetes: the image of all pods, as deploy/Containerfile makes it.")
    private String image;

    @Option(
            names = "--namespace",
            order = 42,
            paramLabel = "NS",
            description = "With --kubernetes: where the pods are made (default: the context's own).")
    private String namespace;

    @Option(
            names = "--context",
            order = 43,
            paramLabel = "CTX",
            description = "With --kubernetes: which cluster of your kubectl configuration (default: the current one).")
    private String context;

    @Option(
            names = "--pods-patience",
            order = 44,
            paramLabel = "TIME",
            defaultValue = "5m",
            description = "With --kubernetes: how long the pods may take to be up (default: ${DEFAULT-VALUE}).")
    private String patience;

    /** @throws InputException if there are options without {@code --kubernetes} that mean nothing then */
    boolean isWanted() {
        if (!kubernetes && (image != null || namespace != null || context != null)) {
            throw new InputException("--image, --namespace and --context: go with --kubernetes");
        }
        return kubernetes;
    }

    /** Carries it out, and returns the exit code. */
    int run(RunRequest request, boolean json) throws Exception {
        try (Interruption interruption = new Interruption()) {
            KubernetesRun run = new KubernetesRun(request, target(), System.err::println, interruption::progress);
            interruption.stopsBy(run::interrupt);
            FetchedRun fetched = run.carryOut();
            if (fetched == null) {
                return ExitCode.INTERRUPTED;
            }
            if (fetched.directory() != null) {
                WatchedRun.print(fetched.directory(), json);
            }
            return fetched.exitCode();
        } catch (ClusterUnusable e) {
            e.problems().forEach(problem -> System.err.println("freshet: " + problem));
            return ExitCode.AGENTS_LOST;
        }
    }

    private KubernetesRun.Target target() {
        Duration wait = Durations.parse("--pods-patience", patience);
        String home = System.getProperty("freshet.home");
        if (home == null) {
            throw new InputException(
                    "--kubernetes: where its descriptors are is not known here: run the freshet command of a distribution");
        }
        return new KubernetesRun.Target(
                "kubectl", context, namespace, image, Path.of(home, "deploy", "kubernetes"), wait);
    }
}

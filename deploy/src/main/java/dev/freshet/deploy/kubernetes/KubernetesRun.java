package dev.freshet.deploy.kubernetes;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.run.RunRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * One run whose coordinator and agents are pods of a cluster, through the user's own kubectl: makes them, waits for them, shows what the
 * coordinator says, fetches the results, and deletes what it made, however the run ends.
 */
public final class KubernetesRun {
    private static final String SELECTOR = "--selector=app.kubernetes.io/name=freshet";
    private static final Duration LIMIT = Duration.ofSeconds(45);
    private static final Duration FETCH_LIMIT = Duration.ofMinutes(30);
    private static final long PODS_LOOK_NANOS = 10_000_000_000L;
    private static final long SILENCE_MILLIS = 600_000;
    private static final long SILENCE_ONCE_INTERRUPTED_MILLIS = 45_000;

    private final RunRequest request;
    private final Target target;
    private final Consumer<String> say;
    private final Runnable alive;
    private final Kubectl kubectl;
    private final List<String> made = new ArrayList<>();
    private volatile boolean interrupted;
    private boolean told;
    private boolean kept;
    private long podsLookedNanos = System.nanoTime();

    /**
     * Where a run is to be.
     *
     * @param program kubectl, by name or path
     * @param context of the user's configuration; null for the current one
     * @param namespace null for the context's own
     * @param image of all pods
     * @param descriptors the directory of those that ship
     * @param patience how long the pods may take to be up
     */
    public record Target(
            String program, String context, String namespace, String image, Path descriptors, Duration patience) {}

    /**
     * @param say is told each line for a person, those of the coordinator as well
     * @param alive is called again and again as long as the run moves
     */
    public KubernetesRun(RunRequest request, Target target, Consumer<String> say, Runnable alive) {
        this.request = request;
        this.target = target;
        this.say = say;
        this.alive = alive;
        this.kubectl = new Kubectl(target.program(), target.context(), target.namespace());
    }

    /** Asks the run to end in order; from any thread. Its books are kept if it has begun. */
    public void interrupt() {
        interrupted = true;
    }

    /**
     * Carries it out.
     *
     * @return what came of it; null if it was interrupted before it began
     * @throws ClusterUnusable if it cannot begin or go on; what was made is deleted
     * @throws InputException if an option is wrong
     */
    public FetchedRun carryOut() throws ClusterUnusable, IOException, InterruptedException {
        Path directory = Files.createTempDirectory("freshet-"); // for its owner only
        try {
            new Overlay(request, target.image()).write(target.descriptors(), directory);
            requireOut();
            requireNoOther();
            try {
                create(directory);
                if (!awaitPods()) {
                    return null;
                }
                tell("all pods are up");
                CoordinatorLog.Result result = new CoordinatorLog(kubectl, say).follow(this::look);
                return new FetchedRun(result.exitCode(), result.directory() == null ? null : fetch(result.directory()));
            } finally {
                delete();
            }
        } finally {
            deleteTree(directory);
        }
    }

    private void requireOut() {
        try {
            Files.createDirectories(request.resultsDirectory());
        } catch (IOException e) {
            throw new InputException("--out: " + request.resultsDirectory() + " cannot be made: " + e.getMessage(), e);
        }
    }

    /** Two runs would take each other's agents, and their measure. */
    private void requireNoOther() throws ClusterUnusable, IOException, InterruptedException {
        String found = checked(kubectl.run(LIMIT, "get", "deployments,jobs,pods", SELECTOR, "--output=name"));
        if (!found.isBlank()) {
            throw new ClusterUnusable("another run is in this namespace ("
                    + found.lines().findFirst().orElseThrow()
                    + "); wait for its end, name another with --namespace, or delete what is left of it: kubectl delete"
                    + " deployments,jobs,services,networkpolicies,configmaps,secrets " + SELECTOR);
        }
    }

    private void create(Path directory) throws ClusterUnusable, IOException, InterruptedException {
        Kubectl.Result result = kubectl.run(LIMIT, "create", "--kustomize=" + directory, "--output=name");
        result.out().lines().filter(line -> line.contains("/")).forEach(made::add);
        checked(result);
        tell("made in the cluster: " + made.size() + " objects, for "
                + request.producers().size() + " producers and "
                + request.consumers().size() + " consumers");
    }

    /** @return false if it was interrupted meanwhile */
    private boolean awaitPods() throws ClusterUnusable, IOException, InterruptedException {
        long deadline = System.nanoTime() + target.patience().toNanos();
        List<String> before = List.of();
        while (!interrupted) {
            List<PodState> pods = pods();
            List<String> waiting = waiting(pods);
            if (waiting.isEmpty()) {
                return true;
            }
            if (pods.stream().anyMatch(PodState::hopeless) || System.nanoTime() > deadline) {
                throw new ClusterUnusable(waiting);
            }
            if (!waiting.equals(before)) {
                tell("waiting for " + waiting.get(0)
                        + (waiting.size() == 1 ? "" : " (and " + (waiting.size() - 1) + " more)"));
                before = waiting;
            }
            alive.run();
            TimeUnit.SECONDS.sleep(1);
        }
        return false;
    }

    private List<PodState> pods() throws ClusterUnusable, IOException, InterruptedException {
        return PodState.parse(checked(kubectl.run(LIMIT, "get", "pods", SELECTOR, "--output=json")));
    }

    /** Whom the run waits for, and why: hopeless ones first. */
    private List<String> waiting(List<PodState> pods) {
        List<String> waiting = new ArrayList<>();
        addWaiting(pods, "coordinator", 1, "deployment/freshet-coordinator", waiting);
        addWaiting(pods, "producer", request.producers().size(), "job/freshet-producers", waiting);
        addWaiting(pods, "consumer", request.consumers().size(), "job/freshet-consumers", waiting);
        return waiting;
    }

    private static void addWaiting(
            List<PodState> all, String component, int wanted, String owner, List<String> waiting) {
        List<PodState> pods =
                all.stream().filter(pod -> pod.component().equals(component)).toList();
        if (pods.stream().filter(PodState::up).count() >= wanted) {
            return; // those that failed have been replaced
        }
        pods.stream()
                .filter(pod -> !pod.up())
                .forEach(pod ->
                        waiting.add(pod.hopeless() ? 0 : waiting.size(), "pod " + pod.name() + ": " + pod.reason()));
        if (pods.size() < wanted) {
            waiting.add(pods.size() + " of " + wanted + " pods of " + owner + " are there: kubectl describe " + owner
                    + " may say why");
        }
    }

    /** Whether it is still worth while to wait for the coordinator's next word. */
    private void look(long silentMillis) throws ClusterUnusable, IOException, InterruptedException {
        alive.run();
        if (interrupted && !told) {
            told = true;
            tell("the coordinator is told to end the run");
            Kubectl.Result result = kubectl.run(LIMIT, inCoordinator("/bin/sh", "-c", "kill -TERM 1"));
            if (!result.isDone()) {
                throw new ClusterUnusable(result.complaints());
            }
        }
        if (silentMillis > (interrupted ? SILENCE_ONCE_INTERRUPTED_MILLIS : SILENCE_MILLIS)) {
            throw new ClusterUnusable("the coordinator has said nothing for " + silentMillis / 1_000 + " s");
        }
        if (System.nanoTime() - podsLookedNanos > PODS_LOOK_NANOS) {
            podsLookedNanos = System.nanoTime();
            requireCoordinator();
        }
    }

    private void requireCoordinator() throws ClusterUnusable, IOException, InterruptedException {
        for (PodState pod : pods()) {
            if (pod.component().equals("coordinator") && pod.hopeless()) {
                throw new ClusterUnusable("pod " + pod.name() + ": " + pod.reason());
            }
        }
    }

    /** Copies a result directory from the coordinator's pod. It is in its place only when it is whole. */
    private Path fetch(String name) throws ClusterUnusable, IOException, InterruptedException {
        Path directory = request.resultsDirectory().resolve(name);
        Path partial = Files.createTempDirectory(request.resultsDirectory(), ".fetching-");
        tell("fetching " + directory);
        try {
            // tar itself refuses to write beyond where it is, whatever the archive says
            ProcessBuilder unpack = new ProcessBuilder(
                            "tar", "-x", "-f", "-", "--no-same-owner", "-C", partial.toString())
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .redirectError(ProcessBuilder.Redirect.INHERIT);
            List<Process> pipe = kubectl.pipe(inCoordinator("tar", "-c", "-f", "-", "-C", "/results", name), unpack);
            boolean whole = awaitAll(pipe);
            if (!whole || !Files.isDirectory(partial.resolve(name))) {
                kept = true;
                throw new ClusterUnusable(
                        "the results could not be fetched whole, and so all pods are left as they are; fetch"
                                + " /results/" + name + " with kubectl cp, then: kubectl delete "
                                + String.join(" ", made));
            }
            Files.move(partial.resolve(name), directory);
            return directory;
        } finally {
            deleteTree(partial);
        }
    }

    private boolean awaitAll(List<Process> pipe) throws InterruptedException {
        long deadline = System.nanoTime() + FETCH_LIMIT.toNanos();
        boolean good = true;
        try {
            for (Process process : pipe) {
                while (!process.waitFor(1, TimeUnit.SECONDS) && System.nanoTime() < deadline) {
                    alive.run();
                }
                good &= !process.isAlive() && process.exitValue() == 0;
            }
        } finally {
            pipe.forEach(Process::destroyForcibly);
        }
        return good;
    }

    private static List<String> inCoordinator(String... command) {
        List<String> arguments =
                new ArrayList<>(List.of("exec", "deployment/freshet-coordinator", "--container=coordinator", "--"));
        arguments.addAll(List.of(command));
        return arguments;
    }

    /** Deletes just what was made. What cannot be deleted is told, with the command that does it. */
    private void delete() throws IOException, InterruptedException {
        if (made.isEmpty() || kept) {
            return;
        }
        alive.run();
        List<String> delete = new ArrayList<>(List.of("delete", "--ignore-not-found", "--wait=false"));
        delete.addAll(made);
        List<Kubectl.Result> results = new ArrayList<>();
        results.add(kubectl.run(LIMIT, delete));
        alive.run();
        if (made.stream().anyMatch(name -> name.startsWith("deployment"))) {
            // their pods would follow by themselves, but the coordinator's only after the long grace of a run in
            // progress
            results.add(kubectl.run(
                    LIMIT, "delete", "pods", SELECTOR, "--ignore-not-found", "--grace-period=10", "--timeout=40s"));
        }
        for (Kubectl.Result result : results) {
            if (!result.isDone()) {
                result.complaints().forEach(say);
                tell("something may be left in the cluster; this deletes it: kubectl delete " + String.join(" ", made));
            }
        }
    }

    private void tell(String line) {
        say.accept("freshet: " + line);
    }

    private static String checked(Kubectl.Result result) throws ClusterUnusable {
        if (!result.isDone()) {
            throw new ClusterUnusable(result.complaints());
        }
        return result.out();
    }

    private static void deleteTree(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

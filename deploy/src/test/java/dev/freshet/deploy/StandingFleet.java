package dev.freshet.deploy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A coordinator and agents that stand by it, each a process of its own: two producers, p1 and p2, and a consumer, c1. */
final class StandingFleet implements AutoCloseable {
    private static final Pattern CONTROL = Pattern.compile("listens on (tcp://\\S+)");
    private static final Pattern PAGE = Pattern.compile("page and API at (https?://\\S+?)/\\s");

    private final Path directory;
    private final FreshetProcess coordinator;
    private final List<FreshetProcess> agents = new ArrayList<>();

    private StandingFleet(Path directory, FreshetProcess coordinator) {
        this.directory = directory;
        this.coordinator = coordinator;
    }

    /** @param options of the coordinator, besides its ports, which are any free ones, and where its results are */
    static StandingFleet start(Path directory, String... options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of("coordinator", "--control-port", "0", "--port", "0", "--results", directory + "/results"));
        command.addAll(List.of(options));
        StandingFleet fleet = new StandingFleet(
                directory, FreshetProcess.start(directory(directory, "coordinator"), command.toArray(String[]::new)));
        try {
            fleet.coordinator.awaitStderr("page and API at");
            fleet.agent("p1", "producer");
            fleet.agent("p2", "producer");
            fleet.agent("c1", "consumer");
            return fleet;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            fleet.close();
            throw e;
        }
    }

    private void agent(String name, String role) throws IOException {
        agents.add(FreshetProcess.start(
                directory(directory, name), "agent", "--name", name, "--role", role, "--coordinator", said(CONTROL)));
    }

    private static Path directory(Path parent, String name) throws IOException {
        return Files.createDirectories(parent.resolve(name));
    }

    private String said(Pattern pattern) {
        Matcher matcher = pattern.matcher(coordinator.stderr());
        if (!matcher.find()) {
            throw new AssertionError("the coordinator said only: " + coordinator.stderr());
        }
        return matcher.group(1);
    }

    /** What the coordinator logged. */
    String said() {
        return coordinator.stderr();
    }

    /** Of page and API, without a slash at its end. */
    String url() {
        return said(PAGE);
    }

    /** p1, p2 or c1. */
    FreshetProcess agent(String name) {
        return agents.get(List.of("p1", "p2", "c1").indexOf(name));
    }

    /** Where the coordinator keeps a run. */
    Path results(String run) {
        return directory.resolve("results").resolve(run);
    }

    @Override
    public void close() {
        agents.forEach(FreshetProcess::close);
        coordinator.close();
    }
}

package dev.freshet.deploy.launch;

import dev.freshet.common.InputException;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.intervals.LiveRow;
import dev.freshet.coordinator.results.recording.EventLine;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunState;
import dev.freshet.deploy.launch.Launcher.LaunchedAgent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The agents of one run, wherever they are: started when the run gathers them, and ended with it. */
public final class LaunchedFleet implements AutoCloseable {
    private static final long STOP_MILLIS = 3_000;

    /** Who starts an agent, and how it is to be. */
    public record Launch(Launcher launcher, Launcher.Request request) {}

    private final Coordinator coordinator;
    private final List<Launch> launches;
    private final List<LaunchedAgent> agents = new CopyOnWriteArrayList<>();
    private final Set<String> joined = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;
    private volatile Thread launching;

    /** @param launches whose launchers are closed with this */
    public LaunchedFleet(Coordinator coordinator, List<Launch> launches) {
        this.coordinator = coordinator;
        this.launches = List.copyOf(launches);
    }

    /** Passes everything on to {@code view}, and starts the agents when the run begins to wait for them. */
    public RunListener launchingWhenGathering(RunListener view) {
        return new RunListener() {
            @Override
            public void state(RunState state, String detail) {
                if (state == RunState.FAILED) {
                    tellLastWords(view);
                }
                view.state(state, detail);
                if (state == RunState.GATHERING) {
                    launching = new Thread(LaunchedFleet.this::launch, "launcher");
                    launching.start();
                }
            }

            @Override
            public void row(LiveRow row) {
                view.row(row);
            }

            @Override
            public void event(EventLine event) {
                if (event.kind().equals("joined")) {
                    joined.add(event.agent());
                }
                view.event(event);
            }

            @Override
            public void merging(double share) {
                view.merging(share);
            }
        };
    }

    private void launch() {
        for (Launch launch : launches) {
            if (closing) {
                return;
            }
            try {
                LaunchedAgent agent = launch.launcher().start(launch.request());
                agents.add(agent);
                agent.onEnd(() -> ended(agent));
            } catch (InputException e) {
                coordinator.agentEnded(launch.request().name(), e.getMessage());
                return;
            }
        }
    }

    private void ended(LaunchedAgent agent) {
        if (!closing) {
            coordinator.agentEnded(agent.name(), agent.obituary());
        }
    }

    /** An agent that runs and never joined usually says why: whom it cannot reach, what it is refused for. */
    private void tellLastWords(RunListener view) {
        for (LaunchedAgent agent : agents) {
            if (!joined.contains(agent.name()) && agent.lastLine() != null) {
                view.event(EventLine.at(
                        Instant.now(),
                        "note",
                        agent.name(),
                        "it has not joined; the last that it said: " + agent.lastLine()));
            }
        }
    }

    private void awaitLaunching() {
        Thread launcherThread = launching;
        if (launcherThread != null) {
            try {
                launcherThread.join(STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends all agents, within a few seconds, whatever they do. */
    @Override
    public void close() {
        closing = true;
        awaitLaunching(); // an agent that is being started right now must be among those that are stopped
        List<Thread> stopping = new ArrayList<>();
        for (LaunchedAgent agent : agents) {
            Thread thread = new Thread(() -> agent.stop(STOP_MILLIS), "stop-" + agent.name());
            thread.start();
            stopping.add(thread);
        }
        for (Thread thread : stopping) {
            try {
                thread.join(4 * STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        launches.stream().map(Launch::launcher).distinct().forEach(Launcher::close);
    }
}

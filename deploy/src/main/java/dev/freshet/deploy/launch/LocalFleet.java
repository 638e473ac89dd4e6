package dev.freshet.deploy.launch;

import dev.freshet.common.InputException;
import dev.freshet.common.plan.Plan;
import dev.freshet.common.plan.Role;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.books.IntervalRow;
import dev.freshet.coordinator.run.RunListener;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.run.RunState;
import dev.freshet.deploy.launch.Launcher.LaunchedAgent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The agents of one run, as processes of this machine: started when the run gathers them, and ended with it. */
public final class LocalFleet implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LocalFleet.class);
    private static final long STOP_MILLIS = 3_000;
    private static final long HEAP_BYTES = 96L << 20;

    private final Coordinator coordinator;
    private final RunRequest request;
    private final Path spool;
    private final Launcher launcher = new LocalLauncher();
    private final List<LaunchedAgent> agents = new CopyOnWriteArrayList<>();
    private volatile boolean closing;
    private volatile Thread launching;

    public LocalFleet(Coordinator coordinator, RunRequest request) {
        this.coordinator = coordinator;
        this.request = request;
        try {
            this.spool = Files.createTempDirectory("freshet-");
        } catch (IOException e) {
            throw new InputException("no temporary directory can be made for recordings: " + e.getMessage(), e);
        }
    }

    /** Passes everything on to {@code view}, and starts the agents when the run begins to wait for them. */
    public RunListener launchingWhenGathering(RunListener view) {
        return new RunListener() {
            @Override
            public void state(RunState state, String detail) {
                view.state(state, detail);
                if (state == RunState.GATHERING) {
                    launching = new Thread(LocalFleet.this::launch, "launcher");
                    launching.start();
                }
            }

            @Override
            public void row(IntervalRow row) {
                view.row(row);
            }

            @Override
            public void event(String kind, String agent, String text) {
                view.event(kind, agent, text);
            }

            @Override
            public void merging(double share) {
                view.merging(share);
            }
        };
    }

    private void launch() {
        for (Map.Entry<String, Role> expected : request.roles().entrySet()) {
            if (closing) {
                return;
            }
            try {
                LaunchedAgent agent = launcher.start(requestFor(expected.getKey(), expected.getValue()));
                agents.add(agent);
                agent.onEnd(() -> ended(agent));
            } catch (InputException e) {
                coordinator.agentEnded(expected.getKey(), e.getMessage());
                return;
            }
        }
    }

    private Launcher.Request requestFor(String name, Role role) {
        Plan plan = request.plan();
        return new Launcher.Request(
                name,
                role,
                coordinator.endpoint(),
                plan.interfaceName(),
                spool,
                memory(role, plan),
                request.expectedHertz(name));
    }

    /** Bounds, not reservations: rings and receive buffers hold 64 and 96 MiB, or a few messages if those are larger. */
    private static Launcher.Memory memory(Role role, Plan plan) {
        long messages =
                8L * plan.sizes().maxSizeBytes() * plan.channels() * (role == Role.PRODUCER ? 1 : plan.agents());
        return new Launcher.Memory(HEAP_BYTES, (256L << 20) + messages);
    }

    private void ended(LaunchedAgent agent) {
        if (!closing) {
            coordinator.agentEnded(agent.name(), agent.obituary());
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
                thread.join(3 * STOP_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        deleteSpool();
    }

    /** An agent that was killed could not do it itself. */
    private void deleteSpool() {
        try (Stream<Path> all = Files.walk(spool)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
        } catch (IOException e) {
            LOG.warn("recordings may be left in {}", spool, e);
        }
    }
}

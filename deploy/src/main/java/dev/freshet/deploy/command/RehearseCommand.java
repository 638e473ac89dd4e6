package dev.freshet.deploy.command;

import dev.freshet.agent.monitor.NetworkInterfaces;
import dev.freshet.agent.session.AgentIdentity;
import dev.freshet.agent.session.AgentSession;
import dev.freshet.common.control.ToCoordinator.Interface;
import dev.freshet.common.plan.PlanBuilder;
import dev.freshet.common.plan.Role;
import dev.freshet.common.time.EpochClock;
import dev.freshet.coordinator.Coordinator;
import dev.freshet.coordinator.run.RunRequest;
import dev.freshet.coordinator.web.WebOptions;
import dev.freshet.deploy.terminal.ProgressView;
import dev.freshet.deploy.terminal.Terminal;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * One second of a small fleet, all in this process. The build runs it once to make a class-data archive (JEP 350) of what coordinator and
 * agents load, which takes a third off the start of each process; and it shows that the build works.
 */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Runs a small fleet within this process, for the build's class-data archive.")
public final class RehearseCommand implements Callable<Integer> {
    private static final long PATIENCE_SECONDS = 30;

    @Option(names = "--out", required = true, description = "Where the result directory is made.")
    private Path out;

    @Override
    public Integer call() throws Exception {
        RunRequest request = RunRequest.launched(
                new PlanBuilder()
                        .set("--agents", "agents", "1")
                        .set("--rate", "rate", "100/s")
                        .set("--size", "size", "16KiB")
                        .set("--duration", "duration", "1s")
                        .set("--warmup", "warmup", "0s")
                        .build(),
                out);
        Terminal nowhere = new Terminal(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                true,
                false,
                100,
                24,
                true);
        try (Coordinator coordinator = new Coordinator("127.0.0.1", 0, Version.current(), null);
                ProgressView view = ProgressView.of(nowhere, request.plan())) {
            view.servedAt(coordinator.serve(WebOptions.forOneRun(0, out)));
            List<AgentSession> sessions = new ArrayList<>();
            request.roles().forEach((name, role) -> sessions.add(join(name, role, coordinator.endpoint())));
            coordinator.run(request, view).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            sessions.forEach(AgentSession::close);
        }
        return ExitCode.DONE;
    }

    private static AgentSession join(String name, Role role, String endpoint) {
        Interface network = NetworkInterfaces.resolve("--interface", null);
        EpochClock clock = EpochClock.anchored();
        AgentIdentity identity = new AgentIdentity(
                name, role, "localhost", Map.of(), network, Version.current(), AgentIdentity.newIncarnation());
        AgentSession session =
                new AgentSession(identity, endpoint, null, clock, AgentCommand.factory(network, clock), false);
        Thread thread = new Thread(session::serve, name);
        thread.setDaemon(true);
        thread.start();
        return session;
    }
}

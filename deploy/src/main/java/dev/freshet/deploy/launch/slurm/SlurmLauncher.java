package dev.freshet.deploy.launch.slurm;

import dev.freshet.deploy.launch.AgentProcess;
import dev.freshet.deploy.launch.Launcher;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts agents on one node of a Slurm allocation; {@code srun} passes on their standard input, and its end. */
final class SlurmLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(SlurmLauncher.class);

    private final SlurmAccess slurm;
    private final String node;
    private final String coordinator;

    /** @param coordinator what the node's agents dial, {@code tcp://host:port} */
    SlurmLauncher(SlurmAccess slurm, String node, String coordinator) {
        this.slurm = slurm;
        this.node = node;
        this.coordinator = coordinator;
    }

    @Override
    public LaunchedAgent start(Request request) {
        List<String> command = SlurmAccess.step(node, request.name());
        command.addAll(List.of("env", "MALLOC_ARENA_MAX=2"));
        command.add("FRESHET_JVM=" + String.join(" ", request.needs().jvmOptions()));
        command.add(slurm.home() + "/bin/freshet");
        command.addAll(AgentProcess.arguments(request, coordinator));
        return new AgentProcess(request, "srun on " + node, command, new Step(request.name()));
    }

    private final class Step implements AgentProcess.FarEnd {
        private final String agent;

        Step(String agent) {
            this.agent = agent;
        }

        /** What srun says of an agent's exit comes after the agent's own words, and says less. */
        @Override
        public boolean isSaidByAgent(String line) {
            return !line.matches("srun: error: .* Exited with exit code [0-9]+");
        }

        @Override
        public void kill(long millis) {
            try {
                slurm.kill(agent, millis);
            } catch (IOException e) {
                LOG.warn("{} may be left on {}: {}", agent, node, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package dev.freshet.deploy.launch.ssh;

import dev.freshet.agent.session.AgentIdentity;
import dev.freshet.deploy.launch.AgentProcess;
import dev.freshet.deploy.launch.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts agents on one host through {@code ssh}. The connection is each agent's lifeline: where it breaks, the agent ends. */
final class SshLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(SshLauncher.class);
    private static final String PID = "freshet-pid ";

    private final SshClient ssh;
    private final InstalledHost host;
    private final String coordinator;
    private final String nonce = AgentIdentity.newIncarnation();

    /** @param coordinator what the host's agents dial, {@code tcp://host:port} */
    SshLauncher(SshClient ssh, InstalledHost host, String coordinator) {
        this.ssh = ssh;
        this.host = host;
        this.coordinator = coordinator;
    }

    @Override
    public LaunchedAgent start(Request request) {
        return new AgentProcess(
                request,
                "ssh to " + host.name(),
                ssh.command(host.name(), script(request)),
                new RemoteProcess(request.name()));
    }

    /** The shell becomes the agent, so its process id is the agent's. */
    private String script(Request request) {
        List<String> command = new ArrayList<>(List.of(host.home() + "/bin/freshet"));
        command.addAll(AgentProcess.arguments(request, coordinator));
        command.addAll(List.of("--spool", spool(request.name())));
        String agent = command.stream().map(SshClient::quoted).collect(Collectors.joining(" "));
        return "echo " + SshClient.quoted(PID) + "$$; export MALLOC_ARENA_MAX=2 FRESHET_JVM="
                + SshClient.quoted(String.join(" ", request.needs().jvmOptions())) + "; exec " + agent;
    }

    /** Where an agent keeps its recordings: it deletes them itself, unless it is killed. */
    private String spool(String agent) {
        return "/tmp/freshet-" + agent + "-" + nonce;
    }

    private final class RemoteProcess implements AgentProcess.FarEnd {
        private final String agent;
        private volatile String pid;

        RemoteProcess(String agent) {
            this.agent = agent;
        }

        @Override
        public boolean isSaidByAgent(String line) {
            if (!line.matches(PID + "[0-9]+")) {
                return true;
            }
            pid = line.substring(PID.length());
            return false;
        }

        @Override
        public void kill(long millis) {
            String process = pid;
            if (process == null) {
                return; // it never came to be
            }
            try {
                ssh.run(
                        host.name(),
                        "kill -KILL " + process + "; rm -rf " + SshClient.quoted(spool(agent)),
                        null,
                        Duration.ofMillis(millis));
            } catch (IOException e) {
                LOG.warn("{} on {} (pid {}) may be left: {}", agent, host.name(), process, e.getMessage());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

package dev.freshet.deploy.launch.ssh;

import dev.freshet.deploy.launch.AgentProcess;
import dev.freshet.deploy.launch.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts agents on one host through {@code ssh}. The connection is each agent's lifeline: where it breaks, the agent ends. */
final class SshLauncher implements Launcher {
    private static final Logger LOG = LoggerFactory.getLogger(SshLauncher.class);
    private static final String PID = "freshet-pid ";
    private static final Pattern TOLD = Pattern.compile(PID + "([0-9]+) (/tmp/freshet-[A-Za-z0-9_.-]+)");

    private final SshClient ssh;
    private final InstalledHost host;
    private final String coordinator;

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

    /**
     * The shell becomes the agent, so its process id is the agent's. It makes the place for recordings, for nobody else; the agent deletes it in the end, or
     * {@link RemoteProcess#kill} does.
     */
    private String script(Request request) {
        List<String> command = new ArrayList<>(List.of(host.home() + "/bin/freshet"));
        command.addAll(AgentProcess.arguments(request, coordinator));
        String agent = command.stream().map(SshClient::quoted).collect(Collectors.joining(" "));
        return "spool=$(mktemp -d /tmp/freshet-" + request.name() + "-XXXXXX) || exit; echo " + SshClient.quoted(PID)
                + "\"$$ $spool\"; export MALLOC_ARENA_MAX=2 FRESHET_JVM="
                + SshClient.quoted(String.join(" ", request.needs().jvmOptions())) + "; exec " + agent
                + " --spool \"$spool\"";
    }

    private final class RemoteProcess implements AgentProcess.FarEnd {
        private final String agent;
        private volatile String pid;
        private volatile String spool;

        RemoteProcess(String agent) {
            this.agent = agent;
        }

        @Override
        public boolean isSaidByAgent(String line) {
            Matcher told = TOLD.matcher(line);
            if (!told.matches()) {
                return true;
            }
            spool = told.group(2);
            pid = told.group(1);
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
                        "kill -KILL " + process + "; rm -rf " + SshClient.quoted(spool),
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

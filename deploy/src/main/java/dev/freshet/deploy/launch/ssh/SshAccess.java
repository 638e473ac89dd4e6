package dev.freshet.deploy.launch.ssh;

import dev.freshet.deploy.launch.Commands.Result;
import dev.freshet.deploy.launch.Distribution;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hosts by {@code ssh}: nothing needs to be installed there before. */
public final class SshAccess implements HostAccess {
    private final SshClient ssh = new SshClient();
    private final Map<String, InstalledHost> ready = new ConcurrentHashMap<>();
    private HostInstaller installer;

    @Override
    public void prepare(String host, Consumer<String> say) throws IOException, InterruptedException {
        ready.put(host, installer().install(host, say));
    }

    private synchronized HostInstaller installer() {
        if (installer == null) {
            installer = new HostInstaller(ssh, Distribution.ofProcess());
        }
        return installer;
    }

    @Override
    public String freshet(String host, List<String> arguments, Duration limit)
            throws IOException, InterruptedException {
        String command = Stream.concat(Stream.of(ready.get(host).home() + "/bin/freshet"), arguments.stream())
                .map(SshClient::quoted)
                .collect(Collectors.joining(" "));
        Result result = ssh.run(host, command, null, limit);
        return result.said("'freshet " + arguments.get(0) + "'");
    }

    @Override
    public String seenFrom(String host) {
        return ready.get(host).seesUsAs();
    }

    @Override
    public Launcher launcher(String host, String coordinator) {
        return new SshLauncher(ssh, ready.get(host), coordinator);
    }

    @Override
    public void cancel() {
        ssh.cancel();
    }

    @Override
    public synchronized void close() {
        if (installer != null) {
            installer.close();
        }
    }
}

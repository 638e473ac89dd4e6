package dev.freshet.deploy.launch.ssh;

import dev.freshet.deploy.launch.Commands.Result;
import dev.freshet.deploy.launch.Distribution;
import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.HostsUnusable;
import dev.freshet.deploy.launch.Launcher;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Hosts by {@code ssh}: nothing needs to be installed there before. */
public final class SshAccess implements HostAccess {
    private final SshClient ssh = new SshClient();
    private Distribution distribution;
    private Map<String, InstalledHost> ready = Map.of();

    @Override
    public void prepare(Collection<String> hosts, Consumer<String> say) throws HostsUnusable, InterruptedException {
        distribution = Distribution.ofProcess();
        ready = new HostInstaller(ssh, distribution, say).install(hosts);
    }

    @Override
    public String freshet(String host, List<String> arguments, Duration limit)
            throws IOException, InterruptedException {
        String command = Stream.concat(Stream.of(ready.get(host).home() + "/bin/freshet"), arguments.stream())
                .map(SshClient::quoted)
                .collect(Collectors.joining(" "));
        Result result = ssh.run(host, command, null, limit);
        if (result.out().isEmpty() && !result.isDone()) {
            throw new IOException(
                    result.complaint("'freshet " + arguments.get(0) + "' ended with status " + result.status()));
        }
        return result.out();
    }

    @Override
    public Launcher launcher(String host, String advertised, int controlPort) {
        InstalledHost installed = ready.get(host);
        String us = advertised != null ? advertised : installed.seesUsAs();
        return new SshLauncher(ssh, installed, "tcp://" + us + ":" + controlPort);
    }

    @Override
    public void cancel() {
        ssh.cancel();
    }

    @Override
    public void close() {
        if (distribution != null) {
            distribution.close();
        }
    }
}

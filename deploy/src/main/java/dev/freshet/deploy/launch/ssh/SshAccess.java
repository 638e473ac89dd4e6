package dev.freshet.deploy.launch.ssh;

import dev.freshet.deploy.launch.HostAccess;
import dev.freshet.deploy.launch.HostsUnusable;
import dev.freshet.deploy.launch.Launcher;
import java.util.Collection;
import java.util.Map;
import java.util.function.Consumer;

/** Hosts by {@code ssh}: nothing needs to be installed there before. */
public final class SshAccess implements HostAccess {
    private final SshClient ssh = new SshClient();
    private final Distribution distribution = Distribution.ofProcess();
    private Map<String, InstalledHost> ready = Map.of();

    @Override
    public void prepare(Collection<String> hosts, Consumer<String> say) throws HostsUnusable, InterruptedException {
        ready = new HostInstaller(ssh, distribution, say).install(hosts);
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
        distribution.close();
    }
}
